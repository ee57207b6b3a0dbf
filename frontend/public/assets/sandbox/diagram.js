// Runs in a frame without an origin (see markdown/Diagram.tsx): draws what it is told, and says how high it became.
"use strict";

const tell = (message) => parent.postMessage(message, "*");

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function draw({ source, theme, library }) {
  await load(library);
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme, suppressErrorRendering: true });
  const { svg } = await mermaid.render("diagram", source);
  const place = document.getElementById("place");
  place.innerHTML = svg;
  tell({ type: "drawn", height: document.documentElement.getBoundingClientRect().height });
}

addEventListener("message", (event) => {
  if (event.source !== parent) return;
  draw(event.data).catch(() => tell({ type: "failed" }));
});
tell({ type: "ready" });

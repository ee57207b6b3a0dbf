import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { chosenLocale, openLocale } from "./i18n/locale";
import { openOutboxStore } from "./realtime/outbox_store";
import { App } from "./shell/App";
import { Parley } from "./shell/parley";
import { Root } from "./shell/Root";
import { prepareStyles } from "./shell/styles";

function connect(): WebSocket {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${window.location.host}/ws`);
}

async function start(root: HTMLElement): Promise<void> {
  const opening = openOutboxStore(() => void parley.live.outbox.reload());
  const locale = await openLocale(chosenLocale());
  await prepareStyles(locale);
  const parley: Parley = new Parley(await opening, connect, locale);
  window.addEventListener("online", () => parley.live.socket.wake());
  window.addEventListener("offline", () => parley.live.socket.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") parley.live.socket.wake();
  });
  createRoot(root).render(
    <StrictMode>
      <Root parley={parley}>
        <App />
      </Root>
    </StrictMode>,
  );
}

/** Only over HTTPS or on this machine; while developing it would keep what is being changed. */
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Without it everything works, but for opening without a network.
  window.addEventListener(
    "load",
    () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined),
  );
}

const root = document.getElementById("root");
if (root) void start(root);

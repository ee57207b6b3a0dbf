// A diagram, drawn by Mermaid in a frame that has no origin, no network and no way to the page around it.

import mermaidAddress from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useColorScheme } from "@mui/material/styles";
import { memo, useEffect, useRef, useState } from "react";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { CodeBlock } from "./CodeBlock";

const FRAME = "/assets/sandbox/diagram.html";
const LOWEST_PX = 40;
const HIGHEST_PX = 1200;

type Told = { type: "ready" } | { type: "drawn"; height: number } | { type: "failed" };

/** What the frame says is believed as little as what the model says. */
function isTold(data: unknown): data is Told {
  return typeof data === "object" && data !== null && "type" in data;
}

export const Diagram = memo(function Diagram({ source }: { source: string }) {
  const [isSource, setSource] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  if (isSource || hasFailed) {
    return (
      <>
        <CodeBlock code={source} language="mermaid" />
        {hasFailed ? (
          <Box sx={{ mt: -1, mb: 2, fontSize: "0.8125rem", color: "text.secondary" }}>
            {t("diagram.failed")}
          </Box>
        ) : (
          <Button size="small" onClick={() => setSource(false)} sx={{ mt: -1, mb: 1 }}>
            {t("diagram.show")}
          </Button>
        )}
      </>
    );
  }
  return (
    <Box
      data-diagram={source}
      sx={{ my: 2, border: 1, borderColor: "divider", borderRadius: radius.medium, overflow: "hidden" }}
    >
      <Sandbox source={source} onFailure={() => setFailed(true)} />
      <Box sx={{ display: "flex", justifyContent: "flex-end", px: 0.75, pb: 0.5 }}>
        <Button size="small" color="inherit" sx={{ color: "text.secondary" }} onClick={() => setSource(true)}>
          {t("diagram.source")}
        </Button>
      </Box>
    </Box>
  );
});

function Sandbox({ source, onFailure }: { source: string; onFailure: () => void }) {
  const { mode, systemMode } = useColorScheme();
  const theme = (mode === "system" ? systemMode : mode) === "dark" ? "dark" : "neutral";
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const fail = useRef(onFailure);
  fail.current = onFailure;
  useEffect(() => {
    const listen = ({ source: from, data }: MessageEvent) => {
      const inside = frame.current?.contentWindow;
      if (!inside || from !== inside || !isTold(data)) return;
      // The frame has no origin that could be named: only what it holds already is sent.
      if (data.type === "ready") inside.postMessage({ source, theme, library: mermaidAddress }, "*");
      else if (data.type === "drawn")
        setHeight(Math.min(HIGHEST_PX, Math.max(LOWEST_PX, Number(data.height) || 0)));
      else fail.current();
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, [source, theme]);
  return (
    <iframe
      key={theme}
      ref={frame}
      title={t("diagram.label")}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      loading="lazy"
      src={FRAME}
      // As the frame inside says of itself: only then is what is not drawn see-through.
      style={{ display: "block", width: "100%", height, border: 0, colorScheme: "light" }}
    />
  );
}

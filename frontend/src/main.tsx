import createCache from "@emotion/cache";
import { CacheProvider } from "@emotion/react";
import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openOutboxStore } from "./realtime/outbox_store";
import { App } from "./shell/App";
import { Parley, ParleyContext } from "./shell/parley";
import { theme } from "./theme";

function connect(): WebSocket {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${window.location.host}/ws`);
}

/** Where the server's policy wants a nonce on style elements, it names it here. */
function styleNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
}

async function start(root: HTMLElement): Promise<void> {
  const store = await openOutboxStore(() => void parley.live.outbox.reload());
  const parley: Parley = new Parley(store, connect);
  window.addEventListener("online", () => parley.live.socket.wake());
  window.addEventListener("offline", () => parley.live.socket.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") parley.live.socket.wake();
  });
  createRoot(root).render(
    <StrictMode>
      <CacheProvider value={createCache({ key: "parley", nonce: styleNonce(), prepend: true })}>
        <ThemeProvider theme={theme}>
          <CssBaseline enableColorScheme />
          <QueryClientProvider client={parley.queries}>
            <ParleyContext value={parley}>
              <App />
            </ParleyContext>
          </QueryClientProvider>
        </ThemeProvider>
      </CacheProvider>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);

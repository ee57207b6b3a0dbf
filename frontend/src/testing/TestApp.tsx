import { ThemeProvider } from "@mui/material/styles";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { meQuery } from "../accounts/session";
import type { Me } from "../api/types";
import { FakeNetwork } from "../realtime/fake_network";
import { MemoryOutboxStore } from "../realtime/outbox_store";
import { MeContext } from "../shell/me";
import { Parley, ParleyContext } from "../shell/parley";
import { themeFor } from "../theme";

const theme = themeFor("ltr");

export const ann: Me = {
  user: { id: "ann", email: "ann@example.com", name: "Ann" },
  workspace: {
    id: "w",
    name: "Parley",
    role: "owner",
    sign_up_open: false,
    sign_up_role: "member",
    locale: "",
    default_bot: null,
    may_make_bots: true,
    may_make_keys: true,
    may_share_links: true,
    version: 1,
  },
  limits: { message_bytes: 262_144, file_bytes: 33_554_432 },
};

/** An app whose server is the test. */
export function newTestParley() {
  const network = new FakeNetwork();
  return { network, parley: new Parley(new MemoryOutboxStore(), network.connect) };
}

/** All that a component may ask for. */
export function TestApp({ parley, children }: { parley?: Parley; children: ReactNode }) {
  const [own] = useState(() => {
    const tested = parley ?? newTestParley().parley;
    tested.queries.setQueryData(meQuery.queryKey, ann);
    return tested;
  });
  return (
    <ThemeProvider theme={theme}>
      <QueryClientProvider client={own.queries}>
        <ParleyContext value={own}>
          <MeContext value={ann}>{children}</MeContext>
        </ParleyContext>
      </QueryClientProvider>
    </ThemeProvider>
  );
}

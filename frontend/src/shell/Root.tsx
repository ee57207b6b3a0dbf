// What every component may rely on: styles in the right direction, the theme, the server's answers, the app itself.

import { CacheProvider } from "@emotion/react";
import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { directionOf } from "../i18n/locale";
import { themeFor } from "../theme";
import { useObservable } from "./observable";
import { type Parley, ParleyContext } from "./parley";
import { stylesFor } from "./styles";

/** Another language: everything is drawn anew, and what was typed stands in the drafts. */
export function Root({ parley, children }: { parley: Parley; children: ReactNode }) {
  const locale = useObservable(parley.locale);
  const direction = directionOf(locale);
  const theme = useMemo(() => themeFor(direction), [direction]);
  return (
    <CacheProvider value={stylesFor(locale)} key={locale}>
      <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="parley.mode">
        <CssBaseline enableColorScheme />
        <QueryClientProvider client={parley.queries}>
          <ParleyContext value={parley}>{children}</ParleyContext>
        </QueryClientProvider>
      </ThemeProvider>
    </CacheProvider>
  );
}

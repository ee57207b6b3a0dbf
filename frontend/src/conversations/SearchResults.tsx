import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { SearchHit } from "../api/types";
import { t } from "../i18n/t";
import { RouteLink } from "../routing/router";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { MoreSentinel } from "./MoreSentinel";
import { searchQuery } from "./queries";
import { piecesOf } from "./snippet";

/** Where these words were said. */
export function SearchResults({ words, isNarrow }: { words: string; isNarrow?: boolean }) {
  const found = useInfiniteQuery(searchQuery(words));
  const hits = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.error) return <Line role="alert">{found.error.message}</Line>;
  if (found.isPending) return <Line role="status">{t("search.searching")}</Line>;
  if (!hits.length) return <Line role="status">{t("search.nothing", { words })}</Line>;
  return (
    <Box component="ul" aria-label={t("search.results")} sx={{ m: 0, p: 0, listStyle: "none" }}>
      {hits.map((hit) => (
        <li key={hit.message}>
          <Hit hit={hit} isNarrow={isNarrow} />
        </li>
      ))}
      <MoreSentinel query={found} />
    </Box>
  );
}

function Line({ children, role }: { children: string; role: "alert" | "status" }) {
  return (
    <Typography variant="body2" role={role} sx={{ p: 1.5, color: "text.secondary" }}>
      {children}
    </Typography>
  );
}

function Hit({ hit, isNarrow }: { hit: SearchHit; isNarrow: boolean | undefined }) {
  const { isDrawerOpen } = useParley();
  return (
    <Box
      component={RouteLink}
      to={{ room: "conversation", conversation: hit.conversation.id, message: hit.message }}
      onClick={() => isDrawerOpen.set(false)}
      sx={{
        display: "block",
        px: 1.5,
        py: isNarrow ? 1 : 1.5,
        borderRadius: radius.medium,
        color: "inherit",
        textDecoration: "none",
        "&:hover": { bgcolor: "background.hover" },
      }}
    >
      <Typography variant="body2" noWrap sx={{ fontWeight: 550 }}>
        {hit.conversation.title || t("conversation.untitled")}
      </Typography>
      <Typography
        variant="caption"
        component="p"
        sx={{ m: 0, color: "text.secondary", ...clamped(isNarrow ? 2 : 4) }}
      >
        {piecesOf(hit.snippet).map(({ text, isHit }, index) => {
          const Piece = isHit ? "mark" : "span";
          // biome-ignore lint/suspicious/noArrayIndexKey: a snippet never changes
          return <Piece key={index}>{text}</Piece>;
        })}
      </Typography>
    </Box>
  );
}

function clamped(lines: number) {
  return {
    display: "-webkit-box",
    WebkitLineClamp: lines,
    WebkitBoxOrient: "vertical",
    overflow: "hidden",
    overflowWrap: "anywhere",
    "& mark": {
      bgcolor: "background.selected",
      color: "text.primary",
      fontWeight: 650,
      borderRadius: radius.small,
    },
  } as const;
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { numberText } from "../i18n/format";
import { type Key, t } from "../i18n/t";
import { RouteLink } from "../routing/router";
import { Loaded } from "../settings/Loaded";
import { Notes } from "./Notes";
import { type Import, type ImportItem, importItemsQuery, type Outcome } from "./queries";

const OUTCOMES: Readonly<Record<Outcome, Key>> = {
  added: "import.outcome.added",
  completed: "import.outcome.completed",
  here: "import.outcome.here",
  left_out: "import.outcome.left_out",
  failed: "import.outcome.failed",
};

/** What came of it: how many, and all that was not understood. */
export function ImportReport({ item: work }: { item: Import }) {
  const list = useInfiniteQuery(importItemsQuery(work.id, { noted: true }));
  const noted = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const counts = (Object.keys(OUTCOMES) as Outcome[])
    .filter((outcome) => work.outcomes[outcome])
    .map((outcome) => t(OUTCOMES[outcome], { count: work.outcomes[outcome] ?? 0 }));
  if (work.files) counts.push(t("import.files", { count: work.files }));
  if (work.bots) counts.push(`${t("settings.bots")}: ${numberText(work.bots)}`);
  return (
    <Box sx={{ px: 2, pb: 2 }}>
      <Box role="status" sx={{ fontSize: "0.9375rem" }}>
        {counts.join(" · ")}
      </Box>
      <Loaded query={list}>
        {() =>
          noted.length === 0 ? (
            <Box sx={{ fontSize: "0.875rem", color: "text.secondary", mt: 0.5 }}>{t("import.clean")}</Box>
          ) : (
            <>
              <Box component="h3" sx={{ fontSize: "0.875rem", m: 0, mt: 1.5, mb: 0.5 }}>
                {t("import.report")}
              </Box>
              <Box
                component="ul"
                aria-label={t("import.report")}
                tabIndex={0}
                sx={{ m: 0, p: 0, listStyle: "none", maxHeight: 320, overflowY: "auto" }}
              >
                {noted.map((item) => (
                  <Box component="li" key={item.place} sx={{ py: 0.75, fontSize: "0.9375rem" }}>
                    <Name item={item} />
                    <Notes notes={item.notes} />
                  </Box>
                ))}
                {list.hasNextPage && (
                  <li>
                    <Button size="small" onClick={() => void list.fetchNextPage()}>
                      {t("import.more")}
                    </Button>
                  </li>
                )}
              </Box>
            </>
          )
        }
      </Loaded>
    </Box>
  );
}

function Name({ item: { title, conversation } }: { item: ImportItem }) {
  const name = title || t("conversation.untitled");
  if (!conversation) return <span dir="auto">{name}</span>;
  return (
    <Box
      component={RouteLink}
      to={{ room: "conversation", conversation }}
      dir="auto"
      sx={{ color: "primary.main" }}
    >
      {name}
    </Box>
  );
}

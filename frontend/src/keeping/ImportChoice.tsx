import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { storeImport } from "../actions/keeping_actions";
import { useAction } from "../actions/useAction";
import { dayText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Notes } from "./Notes";
import { type Import, type ImportItem, importItemsQuery } from "./queries";

/** All, or none, but for some others, by their places in the file: most of a long list was never loaded. */
type Picked = { isAll: boolean; others: ReadonlySet<number> };

function without(total: number, { isAll, others }: Picked): number[] {
  if (isAll) return [...others];
  return Array.from({ length: total }, (_, place) => place).filter((place) => !others.has(place));
}

/** What is in the file, and which of it shall come. */
export function ImportChoice({ item: work }: { item: Import }) {
  const list = useInfiniteQuery(importItemsQuery(work.id, { noted: false }));
  const [{ isAll, others }, setChoice] = useState<Picked>({ isAll: true, others: new Set() });
  const shown = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const count = isAll ? work.choosable - others.size : others.size;
  const starting = useAction(storeImport, { complains: true });
  const start = () => starting.mutate({ work, without: without(work.total, { isAll, others }) });
  const choose = (item: ImportItem) => {
    const next = new Set(others);
    if (!next.delete(item.place)) next.add(item.place);
    setChoice({ isAll, others: next });
  };
  // Files and bots of an account come along even where every conversation is here already.
  const hasMore = work.source === "parley";
  return (
    <>
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          flexWrap: "wrap",
          gap: 1,
          px: 2,
          pb: 1,
          borderBottom: 1,
          borderColor: "divider",
        }}
      >
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              checked={count > 0 && count === work.choosable}
              indeterminate={count > 0 && count < work.choosable}
              disabled={work.choosable === 0}
              onChange={(_event, isChecked) => setChoice({ isAll: isChecked, others: new Set() })}
            />
          }
          label={t("import.all")}
          sx={{ marginInlineStart: "-9px", marginInlineEnd: 0 }}
        />
        <Box sx={{ flex: 1, fontSize: "0.875rem", color: "text.secondary" }}>
          {t("import.found", { count: work.total })}
        </Box>
        <Button
          variant="contained"
          size="small"
          disabled={count <= 0 && !hasMore}
          loading={starting.isPending}
          onClick={start}
        >
          {count <= 0 && hasMore ? t("import.rest") : t(storeImport.name, { count })}
        </Button>
      </Box>
      <Loaded query={list}>
        {() => (
          <Box
            component="ul"
            aria-label={t("import.found", { count: work.total })}
            tabIndex={0}
            sx={{ m: 0, p: 0, listStyle: "none", maxHeight: 420, overflowY: "auto" }}
          >
            {shown.map((item) => (
              <Choice
                key={item.place}
                item={item}
                isChosen={item.is_chosen && isAll !== others.has(item.place)}
                onChoose={() => choose(item)}
              />
            ))}
            {list.hasNextPage && (
              <Box component="li" sx={{ p: 1, textAlign: "center" }}>
                <Button
                  size="small"
                  loading={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  {t("import.more")}
                </Button>
              </Box>
            )}
          </Box>
        )}
      </Loaded>
    </>
  );
}

type ChoiceProps = { item: ImportItem; isChosen: boolean; onChoose: () => void };

function Choice({ item, isChosen, onChoose }: ChoiceProps) {
  const title = item.title || t("conversation.untitled");
  const about = [
    item.said_at && dayText(item.said_at),
    item.messages > 0 && t("import.messages", { count: item.messages }),
    item.is_known && t("import.known"),
  ];
  return (
    <Box
      component="li"
      sx={{
        display: "flex",
        alignItems: "flex-start",
        gap: 0.5,
        px: 1,
        py: 0.5,
        "& + li": { borderTop: 1, borderColor: "divider" },
      }}
    >
      <Checkbox
        size="small"
        checked={isChosen}
        disabled={!item.is_chosen}
        onChange={onChoose}
        slotProps={{ input: { "aria-label": t("library.choose", { title }) } }}
      />
      <Box sx={{ flex: 1, minWidth: 0, py: 0.75 }}>
        <Box
          dir="auto"
          sx={{
            fontSize: "0.9375rem",
            overflowWrap: "anywhere",
            color: item.is_chosen ? undefined : "text.secondary",
          }}
        >
          {title}
        </Box>
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{about.filter(Boolean).join(" · ")}</Box>
        <Notes notes={item.notes} />
      </Box>
    </Box>
  );
}

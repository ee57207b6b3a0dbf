import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { textOf } from "../conversation/answer";
import { useOutbox } from "../conversation/useOutbox";
import { t } from "../i18n/t";
import { useRoute } from "../routing/router";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { ConversationRow, PendingRow } from "./ConversationRow";
import { AGE_NAMES, groupByAge } from "./days";
import { MoreSentinel } from "./MoreSentinel";
import { conversationsQuery, pinnedQuery } from "./queries";

/** Newest first; those that are still on their way to the server stand on top. */
export function ConversationList() {
  const list = useInfiniteQuery(conversationsQuery);
  const route = useRoute();
  const shown = route.room === "conversation" ? route.conversation : null;
  const hidden = useObservable(useParley().removals.hidden);
  const pinned = (useQuery(pinnedQuery).data ?? []).filter(({ id }) => !hidden.has(id));
  const groups = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    return groupByAge(
      all.filter(({ id, pinned: isPinned }) => !isPinned && !hidden.has(id)),
      new Date(),
    );
  }, [list.data, hidden]);
  const beginning = useOutbox().filter((item) => !item.accepted && item.conversation === null);
  if (list.isError && !list.data) {
    return (
      <Box sx={{ p: 1.5 }}>
        <Typography variant="body2" role="alert" sx={{ mb: 1 }}>
          {list.error.message}
        </Typography>
        <Button size="small" variant="outlined" onClick={() => void list.refetch()}>
          {t("action.retry")}
        </Button>
      </Box>
    );
  }
  return (
    <Box component="ul" aria-label={t("list.label")} sx={{ m: 0, p: 0, pb: 2, listStyle: "none" }}>
      {beginning.map((item) => (
        <PendingRow
          key={item.key}
          postKey={item.key}
          title={textOf(item.parts)}
          isShown={item.key === shown}
        />
      ))}
      {pinned.length > 0 && (
        <Group name={t("list.pinned")}>
          {pinned.map((item) => (
            <ConversationRow key={item.id} conversation={item} isShown={item.id === shown} />
          ))}
        </Group>
      )}
      {list.data && !groups.length && !pinned.length && !beginning.length && (
        <Typography component="li" variant="body2" sx={{ p: 1.5, color: "text.secondary" }}>
          {t("list.empty")}
        </Typography>
      )}
      {groups.map(({ age, items }) => (
        <Group key={age + items[0]?.id} name={t(AGE_NAMES[age])}>
          {items.map((item) => (
            <ConversationRow key={item.id} conversation={item} isShown={item.id === shown} />
          ))}
        </Group>
      ))}
      <MoreSentinel query={list} />
    </Box>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box component="li">
      <Typography
        variant="caption"
        component="h2"
        sx={{ m: 0, px: 1.5, pt: 1.5, pb: 0.5, color: "text.secondary" }}
      >
        {name}
      </Typography>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none" }}>
        {children}
      </Box>
    </Box>
  );
}

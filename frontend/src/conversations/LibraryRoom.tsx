import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Chip from "@mui/material/Chip";
import FormControlLabel from "@mui/material/FormControlLabel";
import Typography from "@mui/material/Typography";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { performAction } from "../actions/action";
import { archive, unarchive } from "../actions/conversation_actions";
import { deleteMany, keepMany } from "../actions/library_actions";
import { useAction } from "../actions/useAction";
import type { ConversationSummary, Id, Kept } from "../api/types";
import { timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { go, RouteLink } from "../routing/router";
import type { Route } from "../routing/routes";
import { Loaded } from "../settings/Loaded";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { OneLine } from "../shell/OneLine";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { layout, radius } from "../theme";
import { FolderMenu } from "./FolderMenu";
import { MoreSentinel } from "./MoreSentinel";
import { MoveMenu } from "./MoveMenu";
import { foldersQuery, libraryQuery, tagsQuery } from "./queries";
import { RowMenu } from "./RowMenu";

type Shelf = Route & { room: "library" };

/** All conversations: by folder and tag, put away or not, newest or oldest first; many at once. */
export default function LibraryRoom({ shelf }: { shelf: Shelf }) {
  const hidden = useObservable(useParley().removals.hidden);
  const list = useInfiniteQuery(libraryQuery(shelf));
  const folders = useQuery(foldersQuery).data ?? [];
  const folder = folders.find(({ id }) => id === shelf.folder);
  const title = folder?.name ?? t("library.title");
  useDocumentTitle(title);
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());
  const rows = list.data?.pages.flatMap(({ items }) => items).filter(({ id }) => !hidden.has(id)) ?? [];
  const choose = (id: Id) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1" noWrap>
          {title}
        </Typography>
        {folder && <FolderMenu folder={folder} />}
      </HeaderLine>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box sx={{ maxWidth: layout.columnWidth, mx: "auto", px: { xs: 1.5, sm: 3 }, pb: 6 }}>
          <Filters shelf={shelf} />
          {chosen.size > 0 && (
            <Chosen
              rows={rows.filter(({ id }) => chosen.has(id))}
              isArchived={shelf.archived}
              onDone={() => setChosen(new Set())}
            />
          )}
          <Loaded query={list}>
            {() => (
              <Box component="ul" aria-label={title} sx={{ m: 0, p: 0, listStyle: "none" }}>
                {rows.length > 1 && (
                  <ChooseAll
                    isAll={rows.every(({ id }) => chosen.has(id))}
                    isSome={chosen.size > 0}
                    onChoose={(isAll) => setChosen(new Set(isAll ? rows.map(({ id }) => id) : []))}
                  />
                )}
                {rows.map((row) => (
                  <LibraryRow
                    key={row.id}
                    row={row}
                    isChosen={chosen.has(row.id)}
                    onChoose={() => choose(row.id)}
                  />
                ))}
                {rows.length === 0 && (
                  <Typography component="li" sx={{ py: 4, textAlign: "center", color: "text.secondary" }}>
                    {t(shelf.archived ? "library.nothingArchived" : "library.nothing")}
                  </Typography>
                )}
                <MoreSentinel query={list} />
              </Box>
            )}
          </Loaded>
        </Box>
      </Box>
    </>
  );
}

function Filters({ shelf }: { shelf: Shelf }) {
  const tags = useQuery(tagsQuery).data ?? [];
  const show = (change: Partial<Shelf>) => go({ ...shelf, ...change }, "replace");
  const isOldest = shelf.order === "oldest";
  return (
    <Box
      role="group"
      aria-label={t("library.filters")}
      sx={{ display: "flex", flexWrap: "wrap", gap: 1, py: 1.5 }}
    >
      <Filter
        name={t("library.archived")}
        isOn={shelf.archived}
        onClick={() => show({ archived: !shelf.archived })}
      />
      <Filter
        name={t("library.oldest")}
        isOn={isOldest}
        onClick={() => show({ order: isOldest ? "newest" : "oldest" })}
      />
      {tags.map((tag) => (
        <Filter
          key={tag}
          name={`#${tag}`}
          isOn={shelf.tag === tag}
          onClick={() => show({ tag: shelf.tag === tag ? "" : tag })}
        />
      ))}
    </Box>
  );
}

function Filter({ name, isOn, onClick }: { name: string; isOn: boolean; onClick: () => void }) {
  return (
    <Chip
      label={name}
      onClick={onClick}
      aria-pressed={isOn}
      color={isOn ? "primary" : "default"}
      variant={isOn ? "filled" : "outlined"}
    />
  );
}

type ChosenProps = { rows: readonly ConversationSummary[]; isArchived: boolean; onDone: () => void };

/** What can be done with many at once. */
function Chosen({ rows, isArchived, onDone }: ChosenProps) {
  const parley = useParley();
  const keeping = useAction(keepMany, { onDone, complains: true });
  const keep = (changes: Partial<Kept>) => keeping.mutate({ rows, changes });
  const remove = () => {
    void performAction(deleteMany, parley, rows);
    onDone();
  };
  return (
    <Box
      role="toolbar"
      aria-label={t("library.chosen", { count: rows.length })}
      sx={{
        position: "sticky",
        top: 0,
        zIndex: 1,
        display: "flex",
        alignItems: "center",
        flexWrap: "wrap",
        gap: 1,
        px: 2,
        py: 1,
        mb: 1,
        bgcolor: "background.selected",
        borderRadius: radius.medium,
      }}
    >
      <Box sx={{ flex: 1, fontWeight: 550 }}>{t("library.chosen", { count: rows.length })}</Box>
      <MoveMenu onMove={(folder) => keep({ folder })} isBusy={keeping.isPending} />
      <Button size="small" onClick={() => keep({ archived: !isArchived })} loading={keeping.isPending}>
        {t(isArchived ? unarchive.name : archive.name)}
      </Button>
      <Button size="small" color="error" onClick={remove}>
        {t(deleteMany.name)}
      </Button>
      <Button size="small" color="inherit" onClick={onDone}>
        {t("action.cancel")}
      </Button>
    </Box>
  );
}

type AllProps = { isAll: boolean; isSome: boolean; onChoose: (isAll: boolean) => void };

/** All that are shown; those further down come with them once they have been loaded. */
function ChooseAll({ isAll, isSome, onChoose }: AllProps) {
  return (
    <Box component="li" sx={{ borderBottom: 1, borderColor: "divider" }}>
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={isAll}
            indeterminate={isSome && !isAll}
            onChange={(_event, isChecked) => onChoose(isChecked)}
          />
        }
        label={t("library.chooseAll")}
        slotProps={{ typography: { variant: "body2", color: "text.secondary" } }}
        sx={{ m: 0, gap: 0.5 }}
      />
    </Box>
  );
}

type RowProps = { row: ConversationSummary; isChosen: boolean; onChoose: () => void };

function LibraryRow({ row, isChosen, onChoose }: RowProps) {
  const title = row.title || t("conversation.untitled");
  return (
    <Box
      component="li"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 0.5,
        pr: 1,
        borderBottom: 1,
        borderColor: "divider",
        "&:hover": { bgcolor: "background.hover" },
      }}
    >
      <Checkbox
        size="small"
        checked={isChosen}
        onChange={onChoose}
        slotProps={{ input: { "aria-label": t("library.choose", { title }) } }}
      />
      <Box
        component={RouteLink}
        to={{ room: "conversation", conversation: row.id }}
        sx={{ flex: 1, minWidth: 0, py: 1.25, color: "inherit", textDecoration: "none" }}
      >
        <OneLine weight={550}>{title}</OneLine>
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>
          {[timeText(row.updated_at), ...row.tags.map((tag) => `#${tag}`)].join(" · ")}
        </Box>
      </Box>
      <RowMenu conversation={row} />
    </Box>
  );
}

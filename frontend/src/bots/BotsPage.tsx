import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Bot, Id } from "../api/types";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { ConfirmDialog } from "../shell/ConfirmDialog";
import { AddIcon, DeleteIcon, EditIcon } from "../shell/icons";
import { BotAvatar } from "./BotAvatar";
import { EditBot, NewBot } from "./BotForm";
import { pickBot } from "./choice";
import { archiveBot, botsQuery } from "./queries";

/** `"new"`: one that is about to be made. */
type Opened = Id | "new" | null;

export function BotsPage() {
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  if (opened === "new") return <NewBot onClose={close} />;
  if (opened) return <EditBot id={opened} onClose={close} />;
  return <BotList onOpen={setOpened} />;
}

function BotList({ onOpen }: { onOpen: (opened: Opened) => void }) {
  const bots = useQuery(botsQuery);
  const add = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => onOpen("new")}>
      {t("bots.make")}
    </Button>
  );
  return (
    <Section title={t("bots.title")} hint={t("bots.hint")} action={add}>
      <Loaded query={bots}>
        {(all) => {
          const made = all.filter((bot) => !bot.is_default);
          if (!made.length) {
            return (
              <Typography variant="body2" sx={{ color: "text.secondary" }}>
                {t("bots.noneMade")}
              </Typography>
            );
          }
          return (
            <Rows label={t("bots.title")}>
              {made.map((bot) => (
                <BotRow key={bot.id} bot={bot} onEdit={() => onOpen(bot.id)} />
              ))}
            </Rows>
          );
        }}
      </Loaded>
    </Section>
  );
}

function BotRow({ bot, onEdit }: { bot: Bot; onEdit: () => void }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const archiving = useMutation({
    mutationFn: () => archiveBot(bot.id),
    onSuccess: () => {
      setAsked(false);
      void queries.invalidateQueries({ queryKey: botsQuery.queryKey });
    },
  });
  const talk = () => {
    pickBot(null, bot.id);
    go({ room: "new" });
  };
  return (
    <Row
      start={<BotAvatar face={bot} />}
      name={bot.name}
      detail={bot.model ? bot.model.label || bot.model.name : t("bots.noModel")}
    >
      <Button size="small" onClick={talk} aria-label={t("bots.talkTo", { name: bot.name })}>
        {t("bots.talk")}
      </Button>
      {bot.may_edit && (
        <>
          <Tooltip title={t("action.edit")}>
            <IconButton size="small" aria-label={t("bots.edit", { name: bot.name })} onClick={onEdit}>
              <EditIcon />
            </IconButton>
          </Tooltip>
          <Tooltip title={t("action.delete")}>
            <IconButton
              size="small"
              aria-label={t("bots.delete", { name: bot.name })}
              onClick={() => setAsked(true)}
            >
              <DeleteIcon />
            </IconButton>
          </Tooltip>
        </>
      )}
      {isAsked && (
        <ConfirmDialog
          title={t("bots.deleteTitle")}
          text={t("bots.deleteText", { name: bot.name })}
          confirm={t("action.delete")}
          problem={archiving.error}
          isBusy={archiving.isPending}
          onConfirm={() => archiving.mutate()}
          onClose={() => setAsked(false)}
        />
      )}
    </Row>
  );
}

import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Id, Prompt } from "../api/types";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { HintButton } from "../shell/HintButton";
import { AddIcon, DeleteIcon, EditIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { PromptForm } from "./PromptForm";
import { createPrompt, deletePrompt, promptsQuery } from "./queries";

const SHOWN_LETTERS = 140;

/** `"new"`: one that is about to be made. */
type Opened = Id | "new" | null;

export function PromptsPage() {
  const prompts = useQuery(promptsQuery);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  if (opened === "new") return <PromptForm onClose={close} />;
  const edited = prompts.data?.find(({ id }) => id === opened);
  if (edited) return <PromptForm key={edited.id} prompt={edited} onClose={close} />;
  const add = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setOpened("new")}>
      {t("prompts.make")}
    </Button>
  );
  return (
    <Section title={t("prompts.title")} hint={t("prompts.hint")} action={add}>
      <Loaded query={prompts}>
        {(all) =>
          all.length ? (
            <Rows label={t("prompts.title")}>
              {all.map((prompt) => (
                <PromptRow key={prompt.id} prompt={prompt} onEdit={() => setOpened(prompt.id)} />
              ))}
            </Rows>
          ) : (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("prompts.none")}
            </Typography>
          )
        }
      </Loaded>
    </Section>
  );
}

function PromptRow({ prompt, onEdit }: { prompt: Prompt; onEdit: () => void }) {
  const parley = useParley();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: promptsQuery.queryKey });
  const { name, text, shared, author } = prompt;
  const deleting = useMutation({
    mutationFn: () => deletePrompt(prompt.id),
    onSuccess: () => {
      parley.offerUndo("prompts.deleted", async () => {
        await createPrompt({ name, text, shared });
        await refresh();
      });
      return refresh();
    },
    onError: (problem) => parley.complain(problem),
  });
  const detail = text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
  return (
    <Row name={`/${name}`} detail={detail}>
      {author && <Chip size="small" label={t("prompts.by", { name: author })} />}
      {!author && shared && <Chip size="small" label={t("prompts.isShared")} />}
      {prompt.may_edit && (
        <>
          <HintButton
            hint={t("action.edit")}
            label={t("prompts.edit", { name })}
            icon={<EditIcon />}
            onClick={onEdit}
          />
          <HintButton
            hint={t("action.delete")}
            label={t("prompts.delete", { name })}
            icon={<DeleteIcon />}
            disabled={deleting.isPending}
            onClick={() => deleting.mutate()}
          />
        </>
      )}
    </Row>
  );
}

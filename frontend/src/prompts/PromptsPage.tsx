import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { removePrompt } from "../actions/prompt_actions";
import { useAction } from "../actions/useAction";
import type { Id, Prompt } from "../api/types";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { HintButton } from "../shell/HintButton";
import { AddIcon, DeleteIcon, EditIcon } from "../shell/icons";
import { PromptForm } from "./PromptForm";
import { promptsQuery } from "./queries";

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
  const { name, text, shared, author } = prompt;
  const deleting = useAction(removePrompt, { complains: true });
  const detail = text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
  return (
    <Row name={`/${name}`} detail={detail}>
      {author && <Chip size="small" label={t("prompts.by", { name: author })} />}
      {!author && shared && <Chip size="small" label={t("prompts.isShared")} />}
      {removePrompt.allowed(prompt) && (
        <>
          <HintButton
            hint={t("action.edit")}
            label={t("prompts.edit", { name })}
            icon={<EditIcon />}
            onClick={onEdit}
          />
          <HintButton
            hint={t(removePrompt.name)}
            label={t("prompts.delete", { name })}
            icon={<DeleteIcon />}
            disabled={deleting.isPending}
            onClick={() => deleting.mutate(prompt)}
          />
        </>
      )}
    </Row>
  );
}

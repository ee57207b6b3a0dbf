import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import { useQuery } from "@tanstack/react-query";
import type { Bot, Id } from "../api/types";
import { pickBot } from "../bots/choice";
import { t } from "../i18n/t";
import { modelsQuery } from "../providers/queries";
import type { Attachment } from "./attachment_store";

type Props = { conversation: Id | null; bot: Bot | undefined; attached: readonly Attachment[] };

/** Told before anything is sent: who answers cannot see pictures, and who could. */
export function VisionHint({ conversation, bot, attached }: Props) {
  const models = useQuery(modelsQuery).data ?? [];
  const model = models.find(({ id }) => id === bot?.model?.id);
  if (!bot || !model || model.vision || !attached.some(({ isImage }) => isImage)) return null;
  const other = models.find(({ vision, enabled, bot: its }) => vision && enabled && its);
  const seer = other?.bot;
  return (
    <Alert
      severity="warning"
      variant="outlined"
      sx={{ mb: 1, alignItems: "center" }}
      action={
        seer && (
          <Button color="inherit" size="small" onClick={() => pickBot(conversation, seer)}>
            {t("files.askInstead", { name: other.label || other.name })}
          </Button>
        )
      }
    >
      {t("files.noVision", { name: bot.name })}
    </Alert>
  );
}

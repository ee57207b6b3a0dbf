import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { type Key, t } from "../i18n/t";
import { isUploading, type OutboxItem } from "../realtime/outbox_store";
import { useParley } from "../shell/parley";
import { useSocketState } from "../shell/useSocketState";
import { textOf } from "./answer";
import { Bubble } from "./Bubble";
import { Parts } from "./Parts";

type Props = {
  item: OutboxItem;
  /** Set where a held message may go now, if the person wants it to. */
  onSend: (() => void) | null;
};

/** What a person said and the server does not have yet. */
export function PendingQuestion({ item, onSend }: Props) {
  const parley = useParley();
  const isOnline = useSocketState() === "open";
  const takeBack = () => {
    const { user, conversation } = item;
    const typed = parley.drafts.of(user, conversation).get().text;
    parley.drafts.write(user, conversation, [textOf(item.parts), typed].filter(Boolean).join("\n\n"));
    void parley.live.outbox.remove(item.key);
  };
  return (
    <Box
      component="article"
      aria-label={t("question.label")}
      data-key={item.key}
      data-status="sending"
      sx={{ py: 1.5 }}
    >
      <Bubble isFaint>
        <Parts parts={item.parts} isWriting={false} isPlain />
      </Bubble>
      <Box
        sx={{ display: "flex", alignItems: "center", justifyContent: "flex-end", gap: 0.5, minHeight: 32 }}
      >
        <Typography variant="caption" role="status" sx={{ color: "text.secondary" }}>
          {t(stateOf(item, isOnline))}
        </Typography>
        {(item.isHeld || isUploading(item)) && (
          <>
            {onSend && (
              <Button size="small" onClick={onSend}>
                {t("pending.sendNow")}
              </Button>
            )}
            <Button size="small" onClick={takeBack}>
              {t("pending.takeBack")}
            </Button>
          </>
        )}
      </Box>
    </Box>
  );
}

function stateOf(item: OutboxItem, isOnline: boolean): Key {
  if (item.isHeld) return "pending.held";
  if (!isOnline) return "pending.offline";
  return isUploading(item) ? "pending.uploading" : "pending.sending";
}

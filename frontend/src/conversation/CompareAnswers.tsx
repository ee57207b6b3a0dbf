import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogTitle from "@mui/material/DialogTitle";
import IconButton from "@mui/material/IconButton";
import type { Id, Message } from "../api/types";
import { t } from "../i18n/t";
import { CloseIcon } from "../shell/icons";
import { radius } from "../theme";
import { Parts } from "./Parts";

type Props = { answers: readonly Message[]; shown: Id; show: (message: Id) => void; onClose: () => void };

/** All answers to one question beside each other; one of them goes on. */
export default function CompareAnswers({ answers, shown, show, onClose }: Props) {
  const choose = (answer: Id) => {
    show(answer);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} maxWidth={false} fullWidth aria-labelledby="compare-title">
      <DialogTitle id="compare-title" sx={{ pr: 7 }}>
        {t("compare.title")}
      </DialogTitle>
      <IconButton
        aria-label={t("action.close")}
        onClick={onClose}
        sx={{ position: "absolute", top: 12, right: 12 }}
      >
        <CloseIcon />
      </IconButton>
      <Box
        sx={columns}
        style={{ gridTemplateColumns: `repeat(${answers.length}, minmax(min(320px, 80vw), 1fr))` }}
      >
        {answers.map((answer, index) => (
          <Box key={answer.id} component="section" aria-label={nameOf(answer, index)} sx={column}>
            <Box sx={{ fontWeight: 650, mb: 1 }}>{nameOf(answer, index)}</Box>
            <Box sx={{ flex: 1 }}>
              <Parts parts={answer.parts} isWriting={false} />
            </Box>
            <Button
              variant={answer.id === shown ? "contained" : "outlined"}
              onClick={() => choose(answer.id)}
              sx={{ mt: 2, alignSelf: "start" }}
            >
              {t(answer.id === shown ? "compare.shown" : "compare.choose")}
            </Button>
          </Box>
        ))}
      </Box>
    </Dialog>
  );
}

function nameOf({ bot, model }: Message, index: number): string {
  return [`${index + 1}`, bot?.name ?? model].filter(Boolean).join(" · ");
}

const columns = { display: "grid", gap: 2, p: 3, pt: 0, overflow: "auto", flex: 1, minHeight: 0 } as const;

const column = {
  display: "flex",
  flexDirection: "column",
  minWidth: 0,
  p: 2,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
} as const;

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { castVote, verdictText } from "../actions/playground_actions";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { type Run, VERDICTS } from "./shapes";

/** Which of two answers is better. Who wrote them is shown when it is said. */
export function VoteBar({ run }: { run: Run }) {
  const voting = useAction(castVote, { complains: true });
  return (
    <Box role="group" aria-label={t(castVote.name)} sx={bar}>
      {run.verdict ? (
        <Box sx={{ fontWeight: 550 }}>{verdictText(run)}</Box>
      ) : (
        VERDICTS.map((verdict) => (
          <Button
            key={verdict}
            size="small"
            variant="outlined"
            disabled={!castVote.allowed({ run, verdict }) || voting.isPending}
            onClick={() => voting.mutate({ run, verdict })}
          >
            {t(`playground.verdict.${verdict}`)}
          </Button>
        ))
      )}
    </Box>
  );
}

const bar = {
  flex: "none",
  display: "flex",
  flexWrap: "wrap",
  justifyContent: "center",
  gap: 1,
  mt: 1.5,
  px: 2,
  py: 1.25,
  borderRadius: radius.medium,
  bgcolor: "background.bubble",
} as const;

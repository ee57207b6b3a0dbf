import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hasEnded } from "../conversation/answer";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { runQuery, standingsQuery, vote } from "./queries";
import { type Run, VERDICTS } from "./shapes";

/** Which of two answers is better. Who wrote them is shown when it is said. */
export function VoteBar({ run }: { run: Run }) {
  const parley = useParley();
  const queries = useQueryClient();
  const voting = useMutation({
    mutationFn: (verdict: (typeof VERDICTS)[number]) => vote(run.id, verdict),
    onSuccess: (told) => {
      queries.setQueryData(runQuery(run.id).queryKey, told);
      void queries.invalidateQueries({ queryKey: standingsQuery.queryKey });
      parley.announced.set(verdictText(told));
    },
    onError: (problem) => parley.complain(problem),
  });
  const isReady = run.answers.every(({ status }) => hasEnded(status));
  return (
    <Box role="group" aria-label={t("playground.vote")} sx={bar}>
      {run.verdict ? (
        <Box sx={{ fontWeight: 550 }}>{verdictText(run)}</Box>
      ) : (
        VERDICTS.map((verdict) => (
          <Button
            key={verdict}
            size="small"
            variant="outlined"
            disabled={!isReady || voting.isPending}
            onClick={() => voting.mutate(verdict)}
          >
            {t(`playground.verdict.${verdict}`)}
          </Button>
        ))
      )}
    </Box>
  );
}

function verdictText({ verdict, answers: [a, b] }: Run): string {
  const better = verdict === "a" ? a : verdict === "b" ? b : null;
  if (better) return t("playground.preferred", { name: better.model?.label ?? "" });
  return t(verdict === "tie" ? "playground.preferredBoth" : "playground.preferredNone");
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

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { memo } from "react";
import type { Shown } from "../conversation/AnswerView";
import { hasEnded, textOf } from "../conversation/answer";
import { NoticeLine } from "../conversation/NoticeLine";
import { Parts } from "../conversation/Parts";
import { useAnswer } from "../conversation/useAnswer";
import { WaitingDots } from "../conversation/WaitingDots";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { CopyAnswer } from "./CopyAnswer";
import { FigureList } from "./FigureList";
import { type Called, openCalls } from "./fields";
import type { Column, Run } from "./shapes";

/** What each model says, beside what the others say. */
export function Columns({ run, onAnswer }: { run: Run; onAnswer: (called: Called) => void }) {
  return (
    <Box sx={frame}>
      <Box sx={columns(run.answers.length)}>
        {run.answers.map((answer, index) => (
          <ColumnView
            key={answer.message}
            answer={answer}
            name={nameOf(answer, index, run)}
            place={index}
            run={run}
            onAnswer={onAnswer}
          />
        ))}
      </Box>
    </Box>
  );
}

type ColumnProps = {
  answer: Column;
  name: string;
  place: number;
  run: Run;
  onAnswer: (called: Called) => void;
};

/** Nothing beside this one is drawn for its tokens. */
const ColumnView = memo(function ColumnView({ answer, name, place, run, onAnswer }: ColumnProps) {
  const live = useAnswer(hasEnded(answer.status) ? null : (answer.generation?.id ?? null));
  const shown: Shown = live ?? stored(answer);
  const isOver = hasEnded(shown.status);
  return (
    <Box
      component="article"
      aria-label={name}
      aria-busy={!isOver}
      data-generation={answer.generation?.id}
      data-status={shown.status}
      sx={column}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, minHeight: 34, mb: 0.5 }}>
        <Box component="h2" dir="auto" sx={title}>
          {name}
        </Box>
        <CopyAnswer text={textOf(shown.parts)} />
      </Box>
      {/* Where it scrolls it must be reachable without a mouse. */}
      <Box component="section" tabIndex={0} aria-label={t("answer.label")} data-answer-text sx={text}>
        <Parts parts={shown.parts} isWriting={!isOver} />
        {!isOver && textOf(shown.parts) === "" && <WaitingDots />}
        {shown.notices.map((notice, place) => (
          // Notices only ever grow at the end, so their place is their identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <NoticeLine key={place} notice={notice} />
        ))}
        <Ending shown={shown} />
        {isOver && (
          <OpenCalls
            shown={shown}
            onAnswer={(said) =>
              onAnswer({ run: run.id, setup: run.setup, place, model: answer.model?.id ?? null, ...said })
            }
          />
        )}
      </Box>
      <FigureList figures={answer.figures} isOver={isOver} />
    </Box>
  );
});

type OpenCallsProps = { shown: Shown; onAnswer: (said: Pick<Called, "text" | "calls">) => void };

function OpenCalls({ shown, onAnswer }: OpenCallsProps) {
  const calls = openCalls(shown.parts);
  if (calls.length === 0) return null;
  return (
    <Box sx={{ mt: 1 }}>
      <Box role="note" sx={{ fontSize: "0.875rem", color: "text.secondary", mb: 1 }}>
        {t("playground.waits")}
      </Box>
      <Button size="small" variant="outlined" onClick={() => onAnswer({ text: textOf(shown.parts), calls })}>
        {t("playground.giveResult")}
      </Button>
    </Box>
  );
}

function Ending({ shown: { status, error } }: { shown: Shown }) {
  if (status === "failed") {
    return (
      <Alert severity="error" sx={{ mt: 1 }}>
        {error?.message || t("answer.failed")}
      </Alert>
    );
  }
  if (status !== "stopped" && status !== "interrupted") return null;
  return (
    <Box role="note" sx={{ mt: 1, fontSize: "0.875rem", color: "text.secondary" }}>
      {t(status === "stopped" ? "answer.stopped" : "answer.interrupted")}
    </Box>
  );
}

function stored({ status, parts, generation, model }: Column): Shown {
  return { status, parts, notices: [], error: generation?.error ?? null, model: model?.label ?? null };
}

function nameOf({ model }: Column, index: number, run: Run): string {
  const letter = run.blind ? ["A", "B"][index] : undefined;
  const name = model?.label ?? (letter ? undefined : t("playground.model", { number: index + 1 }));
  return [letter, name].filter(Boolean).join(" · ");
}

const NARROWEST_PX = 220;
const GAP_PX = 12;

/** So wide must the room be for so many beside each other. */
const beside = (count: number) => `@container (min-width: ${count * (NARROWEST_PX + GAP_PX) - GAP_PX}px)`;

/** What tells the columns how much room they have, whatever else is open. */
const frame = {
  containerType: "inline-size",
  height: { md: "100%" },
  overflowY: { md: "auto" },
} as const;

/** All beside each other, or else two and two, or below each other; on a phone one is in sight, and the next a swipe away. */
function columns(count: number) {
  const isOdd = count % 2 === 1;
  return {
    display: "grid",
    gap: `${GAP_PX}px`,
    gridAutoFlow: { xs: "column", sm: "row" },
    gridAutoColumns: { xs: "minmax(84vw, 1fr)", sm: "auto" },
    gridTemplateColumns: { sm: "minmax(0, 1fr)" },
    gridAutoRows: { md: "minmax(300px, 1fr)" },
    overflowX: { xs: "auto", sm: "visible" },
    scrollSnapType: { xs: "x proximity", sm: "none" },
    height: { md: "100%" },
    "@media (min-width: 600px)": {
      [beside(2)]: {
        gridTemplateColumns: `repeat(${Math.min(count, 2)}, minmax(0, 1fr))`,
        "& > :last-child": { gridColumn: isOdd ? "1 / -1" : "auto" },
      },
      [beside(count)]: {
        gridTemplateColumns: `repeat(${count}, minmax(0, 1fr))`,
        "& > :last-child": { gridColumn: "auto" },
      },
    },
  } as const;
}

const column = {
  display: "flex",
  flexDirection: "column",
  minWidth: 0,
  minHeight: 0,
  px: 2,
  pt: 1,
  pb: 1.5,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
  bgcolor: "background.paper",
  scrollSnapAlign: "start",
} as const;

/** Beside the prompt each answer scrolls by itself, so that what it took stays in sight. */
const text = {
  flex: 1,
  minHeight: { xs: 120, md: 0 },
  minWidth: 0,
  mx: -1,
  px: 1,
  overflowY: { md: "auto" },
  overflowWrap: "anywhere",
} as const;

const title = {
  m: 0,
  flex: 1,
  minWidth: 0,
  fontSize: "0.9375rem",
  fontWeight: 650,
  overflow: "hidden",
  textOverflow: "ellipsis",
  whiteSpace: "nowrap",
} as const;

import Box from "@mui/material/Box";
import { dollarText, figureText, numberText } from "../i18n/format";
import { type Key, t } from "../i18n/t";
import type { Figures } from "./shapes";

/** What the answer took. Its line stands from the beginning, so that nothing moves when it is filled. */
export function FigureList({ figures, isOver }: { figures: Figures | null; isOver: boolean }) {
  return (
    <Box component="dl" aria-busy={!figures} sx={list}>
      {linesOf(figures).map(([name, text]) => (
        <Box key={name}>
          <dt>{t(name)}</dt>
          <dd>{text ?? (isOver && figures ? "–" : "…")}</dd>
        </Box>
      ))}
    </Box>
  );
}

function linesOf(figures: Figures | null): [Key, string | null][] {
  const { input_tokens, output_tokens, dollars, first_word_s, tokens_per_s } = figures ?? {};
  const about = figures?.estimated ? "≈ " : "";
  const tokens =
    isKnown(input_tokens) && isKnown(output_tokens)
      ? `${about}${numberText(input_tokens)} + ${numberText(output_tokens)}`
      : null;
  return [
    ["playground.figure.tokens", tokens],
    ["playground.figure.cost", isKnown(dollars) ? about + dollarText(dollars) : null],
    ["playground.figure.firstWord", isKnown(first_word_s) ? `${figureText(first_word_s)} s` : null],
    ["playground.figure.speed", isKnown(tokens_per_s) ? `${figureText(tokens_per_s)}/s` : null],
  ];
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

const list = {
  m: 0,
  mt: 1.5,
  pt: 1.25,
  borderTop: 1,
  borderColor: "divider",
  display: "grid",
  gridTemplateColumns: "repeat(auto-fit, minmax(96px, 1fr))",
  gap: 1,
  fontSize: "0.8125rem",
  "& dt": { color: "text.secondary", fontSize: "0.75rem" },
  "& dd": { m: 0, fontWeight: 550, fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
} as const;

// What a text leans on, as chips in it: they open the passage or the footnote they stand for.

import Box from "@mui/material/Box";
import Popover from "@mui/material/Popover";
import { type ReactNode, useState } from "react";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { type Passage, useCited } from "./cited";
import { Prose } from "./Prose";

const REFERENCE = /\[(\^?[^\]\s]{1,32})\]/;
const REFERENCES = new RegExp(REFERENCE, "g");

export function mayRefer(text: string): boolean {
  return REFERENCE.test(text);
}

/** Text in which `[1]` and `[^note]` are chips, where there is something behind them. */
export function References({ text }: { text: string }) {
  const { passages, footnotes } = useCited();
  const pieces: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(REFERENCES)) {
    const [whole, name = ""] = found;
    const chip = name.startsWith("^")
      ? footnotes.has(name.slice(1).toLowerCase()) && <Footnote key={found.index} name={name.slice(1)} />
      : passages.has(Number(name)) && <Citation key={found.index} number={Number(name)} />;
    if (!chip) continue;
    pieces.push(text.slice(end, found.index), chip);
    end = found.index + whole.length;
  }
  return (
    <>
      {pieces}
      {text.slice(end)}
    </>
  );
}

export function Citation({ number }: { number: number }) {
  const passage = useCited().passages.get(number);
  if (!passage) return <>{`[${number}]`}</>;
  return (
    <Chip label={String(number)} name={t("sources.open", { number, title: passage.title || passage.path })}>
      <PassageView passage={passage} />
    </Chip>
  );
}

export function Footnote({ name }: { name: string }) {
  const { footnotes, draw } = useCited();
  const note = footnotes.get(name.toLowerCase());
  if (!note) return <>{`[^${name}]`}</>;
  const number = [...footnotes.keys()].indexOf(note.identifier) + 1;
  return (
    <Chip label={String(number)} name={t("markdown.openFootnote", { number })}>
      {draw(note.children)}
    </Chip>
  );
}

function Chip({ label, name, children }: { label: string; name: string; children: ReactNode }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Box
        component="button"
        type="button"
        aria-label={name}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={chip}
      >
        {label}
      </Box>
      {anchor && (
        <Popover
          open
          anchorEl={anchor}
          onClose={() => setAnchor(null)}
          anchorOrigin={{ vertical: "bottom", horizontal: "center" }}
          transformOrigin={{ vertical: "top", horizontal: "center" }}
          slotProps={{ paper: { role: "dialog", "aria-label": name, sx: paper } }}
        >
          {children}
        </Popover>
      )}
    </>
  );
}

const chip = {
  font: "inherit",
  fontSize: "0.75em",
  fontWeight: 600,
  lineHeight: 1.5,
  minWidth: "1.6em",
  mx: 0.25,
  px: 0.6,
  border: 0,
  borderRadius: radius.pill,
  verticalAlign: "0.15em",
  color: "primary.main",
  bgcolor: "background.selected",
  cursor: "pointer",
  "&:hover": { bgcolor: "primary.main", color: "primary.contrastText" },
} as const;

const paper = { maxWidth: "min(480px, calc(100vw - 32px))", maxHeight: "50vh", p: 2, mt: 0.5 } as const;

function PassageView({ passage: { title, path, text } }: { passage: Passage }) {
  return (
    <>
      <Box sx={{ fontWeight: 650 }}>{title || path}</Box>
      {title && path && <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{path}</Box>}
      <Box sx={{ mt: 1, fontSize: "0.9375rem" }}>
        <Prose text={text} />
      </Box>
    </>
  );
}

import Box from "@mui/material/Box";
import { memo, type ReactNode, useEffect, useState } from "react";
import { t } from "../i18n/t";
import { CopyIcon, DoneIcon, WrapIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { mono, radius } from "../theme";
import { whenIdle } from "./idle";

type Props = { code: string; language: string; isOpen?: boolean };

/** Code with its language, in colours once it is whole. */
export const CodeBlock = memo(function CodeBlock({ code, language, isOpen = false }: Props) {
  const [isWrapped, setWrapped] = useState(false);
  const coloured = useColours(code, language, isOpen);
  const name = language || t("code.plain");
  return (
    <Box sx={frame} dir="ltr">
      <div className="head">
        <span>{name}</span>
        <button
          type="button"
          title={t("code.wrap")}
          aria-label={t("code.wrap")}
          aria-pressed={isWrapped}
          onClick={() => setWrapped(!isWrapped)}
        >
          {WRAP}
        </button>
        <CopyCode code={code} />
      </div>
      {/* A wide block scrolls; it must be reachable without a mouse. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section tabIndex={0} aria-label={t("code.label", { language: name })}>
        <pre data-wrap={isWrapped} data-language={language}>
          <code>{coloured ?? code}</code>
        </pre>
      </section>
    </Box>
  );
});

const WRAP = <WrapIcon />;
const COPY = <CopyIcon />;
const COPIED = <DoneIcon />;

// One set of rules for all of it, and buttons as plain as can be: while an answer is written, a block is drawn in the same
// moment as the words around it, and each component with rules of its own takes a phone longer than the code does.
const frame = {
  my: 2,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
  bgcolor: "background.code",
  overflow: "hidden",
  "& > .head": {
    display: "flex",
    alignItems: "center",
    pl: 2,
    pr: 0.75,
    minHeight: 36,
    fontSize: "0.8125rem",
    color: "text.secondary",
  },
  "& > .head > span": { flex: 1 },
  "& > .head > button": {
    display: "flex",
    p: 0.625,
    border: 0,
    borderRadius: radius.pill,
    bgcolor: "transparent",
    color: "inherit",
    cursor: "pointer",
    // Within: the frame cuts off what reaches beyond.
    "&:focus-visible": { outlineOffset: "-2px" },
    "@media (hover: hover)": { "&:hover": { bgcolor: "action.hover" } },
    '&[aria-pressed="true"]': { color: "primary.main" },
  },
  "& > section": { overflowX: "auto" },
  "& pre": {
    m: 0,
    px: 2,
    pb: 1.5,
    pt: 0.5,
    width: "max-content",
    fontFamily: mono,
    fontSize: "0.875rem",
    lineHeight: 1.6,
    tabSize: 4,
  },
  '& pre[data-wrap="true"]': { width: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
} as const;

type Highlighter = typeof import("./highlight");

let highlighter: Highlighter | null = null;
/** The languages whose grammars have been read. */
const read = new Set<string>();
/** A block that is scrolled back into sight has its colours at once. */
const known = new Map<string, ReactNode>();
const MOST_KNOWN = 200;
/** To colour so much takes less than the frame that the browser would draw for the colours alone. */
const SHORT_CHARACTERS = 1000;

/**
 * Null until the block is whole and its grammar read, which begins while it is being written. Short code that somebody
 * has just watched being written has its colours at once, all other when nothing more urgent is to be done.
 */
function useColours(code: string, language: string, isOpen: boolean): ReactNode | null {
  const isRead = read.has(language);
  const [, setRead] = useState("");
  useEffect(() => {
    if (isRead || !language) return;
    return whenIdle(() => void readGrammar(language).then(setRead, () => undefined));
  }, [isRead, language]);
  const [wasOpen] = useState(isOpen);
  const [isIdle, setIdle] = useState(false);
  const isTime = isIdle || (wasOpen && code.length <= SHORT_CHARACTERS);
  useEffect(() => {
    if (isRead && !isTime && !isOpen) return whenIdle(() => setIdle(true));
  }, [isRead, isTime, isOpen]);
  if (isOpen) return null;
  const name = `${language}\n${code}`;
  const coloured = known.get(name);
  if (coloured !== undefined || !highlighter || !isRead || !isTime) return coloured ?? null;
  const colours = highlighter.highlight(code, language);
  if (known.size >= MOST_KNOWN) known.delete([...known.keys()][0] ?? "");
  known.set(name, colours);
  return colours;
}

/** Resolves to the language. Neither of its two steps is more than a phone can do between two frames. */
async function readGrammar(language: string): Promise<string> {
  highlighter ??= await import("./highlight");
  const { readGrammar } = highlighter;
  await new Promise<void>((resolve) => whenIdle(resolve));
  readGrammar(language);
  read.add(language);
  return language;
}

const SHOWN_MS = 2000;

function CopyCode({ code }: { code: string }) {
  const parley = useParley();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    parley.copy(code).then(
      () => setCopied(true),
      (problem: unknown) => parley.complain(problem),
    );
  };
  return (
    <button
      type="button"
      title={t(isCopied ? "code.copied" : "code.copy")}
      aria-label={t("code.copy")}
      onClick={copy}
    >
      {isCopied ? COPIED : COPY}
    </button>
  );
}

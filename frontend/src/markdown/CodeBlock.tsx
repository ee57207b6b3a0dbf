import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { memo, type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { t } from "../i18n/t";
import { CopyIcon, DoneIcon, WrapIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { mono, radius } from "../theme";

type Props = { code: string; language: string; isOpen?: boolean };

/** Code with its language, in colours once it is whole. */
export const CodeBlock = memo(function CodeBlock({ code, language, isOpen = false }: Props) {
  const [isWrapped, setWrapped] = useState(false);
  // They take longer to draw than the code, which is what the reader waits for.
  const hasTools = useDeferredValue(true, false);
  const coloured = useColours(code, language, isOpen);
  const name = language || t("code.plain");
  return (
    <Box sx={frame} dir="ltr">
      <Box sx={head}>
        <span>{name}</span>
        {hasTools && (
          <div>
            <Tooltip title={t("code.wrap")}>
              <IconButton
                size="small"
                aria-label={t("code.wrap")}
                aria-pressed={isWrapped}
                onClick={() => setWrapped(!isWrapped)}
                sx={isWrapped ? { color: "primary.main" } : undefined}
              >
                <WrapIcon />
              </IconButton>
            </Tooltip>
            <CopyCode code={code} />
          </div>
        )}
      </Box>
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

const frame = {
  my: 2,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
  bgcolor: "background.code",
  overflow: "hidden",
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

const head = {
  display: "flex",
  alignItems: "center",
  justifyContent: "space-between",
  pl: 2,
  pr: 0.75,
  minHeight: 36,
  fontSize: "0.8125rem",
  color: "text.secondary",
} as const;

type Highlight = (code: string, language: string) => ReactNode | null;

let highlighter: Highlight | null = null;
/** A block that is scrolled back into sight has its colours at once. */
const known = new Map<string, ReactNode>();
const MOST_KNOWN = 200;

/** Null until the block is whole, the colours have been loaded and nothing more urgent is to be done. */
function useColours(code: string, language: string, isOpen: boolean): ReactNode | null {
  const name = `${language}\n${code}`;
  const [shown, setShown] = useState<{ name: string; colours: ReactNode } | null>(null);
  useEffect(() => {
    if (isOpen || !language || known.has(name)) return;
    let isGone = false;
    const colour = async () => {
      highlighter ??= (await import("./highlight")).highlight;
      if (isGone) return;
      const colours = highlighter(code, language);
      if (known.size >= MOST_KNOWN) known.delete([...known.keys()][0] ?? "");
      known.set(name, colours);
      setShown({ name, colours });
    };
    const cancel = whenIdle(() => void colour().catch(() => undefined));
    return () => {
      isGone = true;
      cancel();
    };
  }, [name, code, language, isOpen]);
  if (isOpen) return null;
  return known.get(name) ?? (shown?.name === name ? shown.colours : null);
}

/** Safari has no idle callbacks. */
function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(work, { timeout: 1000 });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(work, 50);
  return () => clearTimeout(timer);
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
    <Tooltip title={t(isCopied ? "code.copied" : "code.copy")}>
      <IconButton size="small" aria-label={t("code.copy")} onClick={copy}>
        {isCopied ? <DoneIcon /> : <CopyIcon />}
      </IconButton>
    </Tooltip>
  );
}

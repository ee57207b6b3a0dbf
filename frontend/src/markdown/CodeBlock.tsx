import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { memo, type ReactNode, useEffect, useState } from "react";
import { t } from "../i18n/t";
import { CopyIcon, DoneIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { mono, radius } from "../theme";

type Highlight = (code: string, language: string) => ReactNode | null;

let highlighter: Highlight | null = null;

/** Null until its chunk has come. */
function useHighlighter(): Highlight | null {
  const [loaded, setLoaded] = useState(() => highlighter);
  useEffect(() => {
    if (highlighter) return;
    let isGone = false;
    void import("./highlight").then((module) => {
      highlighter = module.highlight;
      if (!isGone) setLoaded(() => module.highlight);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return loaded;
}

export const CodeBlock = memo(function CodeBlock({ code, language }: { code: string; language: string }) {
  const highlight = useHighlighter();
  const coloured = language && highlight ? highlight(code, language) : null;
  return (
    <Box
      sx={{
        my: 2,
        border: 1,
        borderColor: "divider",
        borderRadius: radius.medium,
        bgcolor: "background.code",
        overflow: "hidden",
      }}
    >
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          justifyContent: "space-between",
          pl: 2,
          pr: 0.5,
          minHeight: 36,
        }}
      >
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {language || t("code.plain")}
        </Typography>
        <CopyCode code={code} />
      </Box>
      <Box
        component="pre"
        // A wide block scrolls; it must be reachable without a mouse.
        tabIndex={0}
        aria-label={t("code.label", { language: language || t("code.plain") })}
        sx={{
          m: 0,
          px: 2,
          pb: 1.5,
          pt: 0.5,
          overflowX: "auto",
          fontSize: "0.875rem",
          lineHeight: 1.6,
          tabSize: 4,
        }}
      >
        <Box component="code" sx={{ fontFamily: mono }}>
          {coloured ?? code}
        </Box>
      </Box>
    </Box>
  );
});

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
    <Button
      size="small"
      color="inherit"
      startIcon={isCopied ? <DoneIcon /> : <CopyIcon />}
      onClick={copy}
      aria-label={t("code.copy")}
      sx={{ color: "text.secondary" }}
    >
      {t(isCopied ? "code.copied" : "code.copyShort")}
    </Button>
  );
}

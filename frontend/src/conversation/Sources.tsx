import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { CitationPart, Part } from "../api/types";
import { t } from "../i18n/t";
import { Prose } from "../markdown/Prose";
import { Fold } from "./Fold";

/** The passages an answer leans on, each with its words. */
export function Sources({ parts }: { parts: readonly Part[] }) {
  const citations = parts.filter((part): part is CitationPart => part.type === "citation");
  if (!citations.length) return null;
  return (
    <Box component="section" aria-label={t("sources.title")} sx={{ mt: 2 }}>
      <Typography variant="caption" component="h3" sx={{ color: "text.secondary", fontWeight: 650 }}>
        {t("sources.title")}
      </Typography>
      {citations.map((citation) => (
        <Fold key={citation.number} summary={<SourceName citation={citation} />}>
          <Prose text={citation.text} />
        </Fold>
      ))}
    </Box>
  );
}

function SourceName({ citation: { number, title, path } }: { citation: CitationPart }) {
  return (
    <>
      <span>{t("sources.number", { number })}</span>
      <Box component="span" sx={{ color: "text.primary" }}>
        {title || path}
      </Box>
      {title && path && (
        <Box
          component="span"
          sx={{ ml: "auto", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
        >
          {path}
        </Box>
      )}
    </>
  );
}

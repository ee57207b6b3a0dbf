import Box from "@mui/material/Box";
import { lazy, memo, Suspense, useMemo } from "react";
import type { Id, Part, ToolResultPart } from "../api/types";
import { AttachedFile } from "../files/AttachedFile";
import { t } from "../i18n/t";
import type { Passage } from "../markdown/cited";
import { Prose } from "../markdown/Prose";
import { radius } from "../theme";
import { Reasoning } from "./Reasoning";
import { ToolCard } from "./ToolCard";

const ShapedText = lazy(() => import("../shapes/ShapedText"));

type Props = {
  parts: readonly Part[];
  isWriting: boolean;
  /** As typed: what people write is not meant as Markdown, and loses lines and stars if it is read so. */
  isPlain?: boolean;
  /** Whose version wrote it, where that answers in JSON. */
  shapedBy?: { id: Id; version: number } | null;
};

/** What an answer is made of, in the order it was said. Citations stand below it, as sources. */
export const Parts = memo(function Parts({ parts, isWriting, isPlain, shapedBy }: Props) {
  const results = new Map<string, ToolResultPart>();
  for (const part of parts) if (part.type === "tool_result") results.set(part.id, part);
  const passages = usePassages(parts);
  return parts.map((part, index) => {
    // Parts only ever grow at the end, so their place is their identity.
    const isNewest = isWriting && index === parts.length - 1;
    switch (part.type) {
      case "text":
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        if (isPlain) return <Plain key={index} text={part.text} />;
        if (shapedBy && part.text.trim() !== "")
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <Suspense key={index}>
              <ShapedText
                text={part.text}
                isWriting={isNewest}
                bot={shapedBy.id}
                version={shapedBy.version}
              />
            </Suspense>
          );
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        return <Prose key={index} text={part.text} isWriting={isNewest} passages={passages} />;
      case "reasoning":
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        return <Reasoning key={index} text={part.text} isThinking={isNewest} />;
      case "tool_call":
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        return <ToolCard key={index} call={part} result={results.get(part.id)} isWriting={isWriting} />;
      case "image":
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        return <InlineImage key={index} url={part.url} />;
      case "file":
        return <AttachedFile key={part.file} part={part} />;
      default:
        return null;
    }
  });
});

/** Citations only ever grow in number: the same map for each token between two of them. */
function usePassages(parts: readonly Part[]): ReadonlyMap<number, Passage> {
  const citations = parts.filter((part) => part.type === "citation");
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useMemo(() => new Map(citations.map((citation) => [citation.number, citation])), [citations.length]);
}

function Plain({ text }: { text: string }) {
  return (
    <Box dir="auto" sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {text}
    </Box>
  );
}

/** Only a picture that came inside the message; an address is never fetched. */
function InlineImage({ url }: { url: string }) {
  if (!/^data:image\/(png|jpeg|gif|webp);base64,/.test(url)) return null;
  return (
    <Box
      component="img"
      src={url}
      alt={t("answer.image")}
      sx={{ display: "block", maxWidth: "100%", maxHeight: 480, my: 1, borderRadius: radius.medium }}
    />
  );
}

// A conversation drawn once, apart from the screen, to become a page of its own. Markdown is drawn by the one who always does.

import { useEffect, useEffectEvent, useState } from "react";
import { createPortal } from "react-dom";
import type {
  CitationPart,
  Conversation,
  FilePart,
  Message,
  Part,
  ToolCallPart,
  ToolResultPart,
} from "../api/types";
import { branchTo } from "../conversation/tree";
import { bytesText, dayText, timeText } from "../i18n/format";
import { t } from "../i18n/t";
import Markdown from "../markdown/Markdown";
import { useToolTitle } from "../tools/names";
import { pageOf } from "./page";

type Props = {
  conversation: Conversation;
  /** With the page as HTML, once, when all that is drawn late stands. */
  onDrawn: (page: string) => void;
  onFailure: (problem: unknown) => void;
};

export default function Paper({ conversation, onDrawn, onFailure }: Props) {
  const [place] = useState(() => document.createElement("div"));
  const done = useEffectEvent(onDrawn);
  const failed = useEffectEvent(onFailure);
  useEffect(() => {
    let isGone = false;
    pageOf(place, conversation.title || t("conversation.untitled")).then(
      (page) => !isGone && done(page),
      (problem: unknown) => !isGone && failed(problem),
    );
    return () => {
      isGone = true;
    };
  }, [place, conversation]);
  return createPortal(<Sheet conversation={conversation} />, place);
}

function Sheet({ conversation: { title, messages, leaf, created_at } }: { conversation: Conversation }) {
  return (
    <main>
      <header>
        <h1 dir="auto">{title || t("conversation.untitled")}</h1>
        <p className="when">
          <time dateTime={created_at}>{dayText(created_at)}</time>
        </p>
      </header>
      {branchTo(messages, leaf).map((message) => (
        <article key={message.id} className={message.role}>
          <Head message={message} />
          <PaperParts message={message} />
        </article>
      ))}
    </main>
  );
}

function Head({ message: { role, bot, model, created_at } }: { message: Message }) {
  const name = role === "user" ? t("shared.question") : (bot?.name ?? t("answer.unknownBot"));
  return (
    <header>
      <strong>{name}</strong>
      {model && model !== bot?.name && <span>{model}</span>}
      <time dateTime={created_at}>{timeText(created_at)}</time>
    </header>
  );
}

function PaperParts({ message: { role, parts } }: { message: Message }) {
  const citations = parts.filter((part): part is CitationPart => part.type === "citation");
  const passages = new Map(citations.map((citation) => [citation.number, citation]));
  const results = new Map<string, ToolResultPart>();
  for (const part of parts) if (part.type === "tool_result") results.set(part.id, part);
  const drawn = (part: Part) => {
    switch (part.type) {
      case "text":
        if (role === "user") return <Plain text={part.text} />;
        return <Markdown text={part.text} passages={passages} />;
      case "reasoning":
        return <Folded name={t("answer.thought")} texts={[part.text]} />;
      case "tool_call":
        return <PaperCall call={part} result={results.get(part.id)} />;
      case "image":
        return <img src={part.url} alt={t("answer.image")} />;
      case "file":
        return <PaperFile file={part} />;
      default:
        return null;
    }
  };
  return (
    <>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
        <div key={index} className="part">
          {drawn(part)}
        </div>
      ))}
      {citations.length > 0 && <PaperSources citations={citations} />}
    </>
  );
}

function PaperCall({ call, result }: { call: ToolCallPart; result: ToolResultPart | undefined }) {
  const title = useToolTitle(call.name);
  return (
    <Folded name={t("tool.done", { name: title })} texts={[call.name, call.arguments, result?.text ?? ""]} />
  );
}

/** A picture is shown; whatever the file is, it is named: its bytes stay where they are. */
function PaperFile({ file: { file, name, kind, size_bytes } }: { file: FilePart }) {
  return (
    <>
      {kind === "image" && <img src={`/api/v1/files/${file}`} alt={name} />}
      <p className="attached">
        <bdi>{name}</bdi> · {bytesText(size_bytes)}
      </p>
    </>
  );
}

function Plain({ text }: { text: string }) {
  return (
    <p className="plain" dir="auto">
      {text}
    </p>
  );
}

/** Opens without a script: the browser's own element. */
function Folded({ name, texts }: { name: string; texts: readonly string[] }) {
  return (
    <details>
      <summary>{name}</summary>
      {texts.filter(Boolean).map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
        <pre key={index}>{text}</pre>
      ))}
    </details>
  );
}

function PaperSources({ citations }: { citations: readonly CitationPart[] }) {
  return (
    <section className="sources">
      <h2>{t("sources.title")}</h2>
      <ol>
        {citations.map(({ number, title, path, text }) => (
          <li key={number} value={number}>
            <details>
              <summary>{[title, path].filter(Boolean).join(" · ")}</summary>
              <Plain text={text} />
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

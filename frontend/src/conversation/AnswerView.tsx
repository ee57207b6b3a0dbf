import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { memo } from "react";
import { ActionButton } from "../actions/ActionButton";
import { copy, fork, type MessageTarget, regenerate, whyThisModel } from "../actions/message_actions";
import type { GenerationError, Message, Part } from "../api/types";
import { BotAvatar } from "../bots/BotAvatar";
import { t } from "../i18n/t";
import { AnswerAgain } from "./AnswerAgain";
import { AnswerEnd } from "./AnswerEnd";
import { type AnswerStatus, hasEnded, type Notice, textOf } from "./answer";
import { NoticeLine } from "./NoticeLine";
import { Parts } from "./Parts";
import type { RowProps } from "./row";
import { SiblingSwitch } from "./SiblingSwitch";
import { Sources } from "./Sources";
import { Thumbs } from "./Thumbs";
import { TOOLS_HEIGHT_PX, useDeferredTools } from "./tools";
import { WaitingDots } from "./WaitingDots";

export type Shown = {
  status: AnswerStatus;
  parts: readonly Part[];
  notices: readonly Notice[];
  error: GenerationError | null;
  model: string | null;
};

export function AnswerView({
  message,
  siblings,
  conversation,
  bot,
  isBusy,
  isLast,
  shown,
}: RowProps & { shown: Shown }) {
  const isOver = hasEnded(shown.status);
  const target: MessageTarget = { message, conversation, bot, isBusy };
  return (
    <Box
      component="article"
      aria-label={t("answer.label")}
      aria-busy={!isOver}
      data-message={message.id}
      data-generation={message.generation?.id}
      data-status={shown.status}
      sx={{ py: 1.5, "&:hover .quiet, &:focus-within .quiet": { opacity: 1 } }}
    >
      <Head bot={message.bot} />
      <div data-answer-text>
        <Parts
          parts={shown.parts}
          isWriting={!isOver}
          shapedBy={message.bot?.shape === "json" ? message.bot : null}
        />
      </div>
      {!isOver && textOf(shown.parts) === "" && <WaitingDots />}
      {shown.notices.map((notice, index) => (
        // Notices only ever grow at the end, so their place is their identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <NoticeLine key={index} notice={notice} />
      ))}
      <Sources parts={shown.parts} />
      {isOver && <AnswerEnd target={target} isLast={isLast} status={shown.status} error={shown.error} />}
      {isOver && <Foot target={target} siblings={siblings} isLast={isLast} model={shown.model} />}
    </Box>
  );
}

/** Who speaks. Stays as it is while they do. */
const Head = memo(function Head({ bot }: { bot: Message["bot"] }) {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 1, mb: 0.75 }}>
      <BotAvatar face={bot} />
      <Typography variant="body2" sx={{ fontWeight: 650 }}>
        {bot?.name ?? t("answer.unknownBot")}
      </Typography>
    </Box>
  );
});

type FootProps = {
  target: MessageTarget;
  siblings: readonly Message[];
  isLast: boolean;
  model: string | null;
};

/** What can be done with an answer. Under older ones it shows itself when it is wanted. */
function Foot({ target, siblings, isLast, model }: FootProps) {
  const { message, conversation } = target;
  const hasTools = useDeferredTools();
  return (
    <Box
      className={isLast ? undefined : "quiet"}
      sx={{
        display: "flex",
        alignItems: "center",
        minHeight: TOOLS_HEIGHT_PX,
        mt: 0.5,
        ml: -0.75,
        color: "text.secondary",
        // Where nothing hovers, nothing hides.
        "@media (hover: hover)": { "&.quiet": { opacity: 0, transition: "opacity 120ms" } },
      }}
    >
      <SiblingSwitch message={message} siblings={siblings} conversation={conversation} />
      {hasTools && (
        <>
          <ActionButton action={copy} target={target} />
          <ActionButton action={regenerate} target={target} />
          <AnswerAgain target={target} />
          <Thumbs target={target} />
          <ActionButton action={fork} target={target} />
          <ActionButton action={whyThisModel} target={target} />
        </>
      )}
      {model && model !== message.bot?.name && (
        <Typography variant="caption" noWrap sx={{ ml: 1 }}>
          {model}
        </Typography>
      )}
    </Box>
  );
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import CircularProgress from "@mui/material/CircularProgress";
import Typography from "@mui/material/Typography";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import type { MessageTarget } from "../actions/message_actions";
import { Problem } from "../api/problem";
import type { Bot, Conversation, Id, Message } from "../api/types";
import { useBot } from "../bots/choice";
import { findSummary } from "../conversations/cache";
import { conversationQuery } from "../conversations/queries";
import type { Attachment } from "../files/attachment_store";
import { partOf } from "../files/attachments";
import { attachmentsOf } from "../files/useAttachments";
import { t } from "../i18n/t";
import { newKey } from "../realtime/key";
import { go } from "../routing/router";
import { Header } from "../shell/Header";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { layout } from "../theme";
import { partsOf, say, sayTemporarily } from "./ask";
import { Composer } from "./Composer";
import { EmptyConversation } from "./EmptyConversation";
import { MessageList } from "./MessageList";
import { PendingQuestion } from "./PendingQuestion";
import { useShowBranch } from "./SiblingSwitch";
import { branchTo } from "./tree";
import { useIsOutboxLoaded, useOutbox, usePending } from "./useOutbox";
import { useQueue } from "./useQueue";

// Comes along with this room, so that the entry need not be cut into more pieces for it.
export { attachmentsOf };

/** Of a conversation that is not there. */
const NO_BOT = { bot: null };

/** One conversation, old or about to begin. `id` may be the key of the post that begins it. */
export default function ConversationRoom({ id, goTo }: { id: Id | null; goTo?: Id }) {
  const parley = useParley();
  const { user } = useMe();
  const beginning = useBeginning(id);
  const mayAsk = useIsOutboxLoaded() && id !== null && !beginning;
  const known = useQuery({ ...conversationQuery(id ?? ""), enabled: mayAsk });
  const conversation = beginning ? undefined : known.data;
  const branch = useMemo(
    () => (conversation ? branchTo(conversation.messages, conversation.leaf) : []),
    [conversation],
  );
  const pending = usePending(id);
  const bot = useBot(id, useBotOf(id, conversation ?? beginning ?? (known.error ? NO_BOT : undefined)));
  const last = branch.at(-1);
  const isWriting = last?.role === "assistant" && last.status === "writing";
  const { isRunning, consent } = useQueue(conversation);
  const isBusy = isRunning || pending.some((item) => !item.isHeld);
  useBranchWith(goTo, conversation);
  const running: MessageTarget | undefined =
    isWriting && id ? { message: last, conversation: id, bot: bot?.id ?? null, isBusy } : undefined;
  const send = (text: string, attached: readonly Attachment[] = []) => {
    const parts = partsOf(text, attached.map(partOf));
    const said = { key: newKey(), user: user.id, bot: bot?.id ?? null, parts };
    const takeAlong = () => attachmentsOf(parley).sentWith(said.key, attached);
    if (id === null && parley.isTemporary.get()) {
      sayTemporarily(parley, said).then(takeAlong, (problem: unknown) => {
        parley.drafts.giveBack(user.id, null, text, problem instanceof Error ? problem.message : "");
      });
      return;
    }
    const isHeld = isBusy || pending.length > 0;
    const saying = say(parley, { ...said, conversation: id, parent: last?.id ?? null, isHeld });
    takeAlong();
    saying.catch((problem: unknown) => parley.complain(problem));
  };
  const waiting = pending.map((item) => (
    <PendingQuestion key={item.key} item={item} onSend={item === consent?.item ? consent.send : null} />
  ));
  return (
    <>
      <Header conversation={conversation} id={id} bot={bot} />
      <Box component="main" sx={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
        {known.error && !conversation ? (
          <Missing problem={known.error} onRetry={() => void known.refetch()} />
        ) : (
          <>
            <Body {...{ id, conversation, branch, bot, isBusy, goTo, waiting }} onStart={send} />
            <Composer
              conversation={id}
              onSend={send}
              running={running}
              bot={bot}
              lastQuestion={isBusy ? undefined : branch.findLast(({ role }) => role === "user")?.id}
            />
          </>
        )}
      </Box>
    </>
  );
}

type BodyProps = {
  id: Id | null;
  conversation: Conversation | undefined;
  branch: readonly Message[];
  bot: Bot | undefined;
  isBusy: boolean;
  goTo: Id | undefined;
  waiting: readonly ReactNode[];
  onStart: (text: string) => void;
};

function Body({ id, conversation, branch, bot, isBusy, goTo, waiting, onStart }: BodyProps) {
  if (conversation && (branch.length || waiting.length)) {
    return (
      <MessageList
        key={conversation.id}
        bot={bot?.id ?? null}
        {...{ conversation, branch, isBusy, goTo, waiting }}
      />
    );
  }
  if (waiting.length) {
    return (
      <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box sx={{ maxWidth: layout.columnWidth, mx: "auto", px: { xs: 2, sm: 3 }, pt: 2 }}>{waiting}</Box>
      </Box>
    );
  }
  if (id === null || conversation) return <EmptyConversation bot={bot} onStart={onStart} />;
  return (
    <Box sx={{ flex: 1, display: "grid", placeItems: "center" }}>
      <CircularProgress aria-label={t("app.loading")} />
    </Box>
  );
}

/** The bot that a conversation names. One that is not loaded yet stands, most often, in a list that is. */
function useBotOf(id: Id | null, known: { bot: Id | null } | undefined): Id | null | undefined {
  const queries = useQueryClient();
  if (known || id === null) return known?.bot ?? null;
  return findSummary(queries, id)?.bot ?? undefined;
}

/** The post that begins this conversation, while the conversation has no name of its own. */
function useBeginning(id: Id | null) {
  const found = useOutbox().find((item) => item.key === id);
  const name = found?.accepted?.conversation;
  useEffect(() => {
    if (name) go({ room: "conversation", conversation: name }, "replace");
  }, [name]);
  return found;
}

/** A search hit may stand in a branch that is not shown. */
function useBranchWith(message: Id | undefined, conversation: Conversation | undefined): void {
  const showBranch = useShowBranch(conversation?.id ?? "");
  const isElsewhere =
    message !== undefined &&
    conversation?.messages.some(({ id }) => id === message) === true &&
    !branchTo(conversation.messages, conversation.leaf).some(({ id }) => id === message);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each hit, not again when the person goes on from it
  useEffect(() => {
    if (message && isElsewhere) showBranch(message);
  }, [message, conversation?.id]);
}

function Missing({ problem, onRetry }: { problem: Error; onRetry: () => void }) {
  const isGone = problem instanceof Problem && problem.status === 404;
  return (
    <Box sx={{ flex: 1, display: "grid", placeContent: "center", justifyItems: "center", gap: 2, p: 3 }}>
      <Typography role="alert">{isGone ? t("conversation.gone") : problem.message}</Typography>
      {isGone ? (
        <Button variant="contained" onClick={() => go({ room: "new" })}>
          {t("action.newChat")}
        </Button>
      ) : (
        <Button variant="contained" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </Box>
  );
}

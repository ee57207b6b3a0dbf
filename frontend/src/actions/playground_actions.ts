// What can be done in the playground. Its buttons, shortcuts and help read these.

import { post } from "../api/client";
import type { BotDetail, Id } from "../api/types";
import { botsQuery } from "../bots/queries";
import { hasEnded } from "../conversation/answer";
import { showKept } from "../conversations/cache";
import { keepConversation } from "../conversations/queries";
import { t } from "../i18n/t";
import { samplingFor } from "../playground/fields";
import {
  changePreset,
  deletePreset,
  keepPreset,
  presetsQuery,
  runQuery,
  standingsQuery,
  vote,
} from "../playground/queries";
import type { Preset, Run, Setup, Verdict } from "../playground/shapes";
import { go } from "../routing/router";
import { addressOf } from "../routing/routes";
import {
  BookmarkIcon,
  CodeIcon,
  DeleteIcon,
  LikeIcon,
  LinkIcon,
  NewChatIcon,
  PlayIcon,
  RankingIcon,
  ShareIcon,
  StopIcon,
  TalkIcon,
} from "../shell/icons";
import type { Action } from "./action";

export type PlaygroundDialog = "ratings" | "presets" | "bot" | "code";

export type PlaygroundTarget = {
  run: Run | undefined;
  /** Generations that still write. */
  running: readonly Id[];
  start: () => Promise<void>;
  clear: () => void;
  open: (dialog: PlaygroundDialog) => void;
};

const isIdle = ({ running }: PlaygroundTarget) => running.length === 0;

export const startRun: Action<PlaygroundTarget> = {
  name: "playground.run",
  icon: PlayIcon,
  shortcut: { key: "Enter", mod: true },
  allowed: isIdle,
  perform: (_parley, { start }) => start(),
};

export const stopRun: Action<PlaygroundTarget> = {
  name: "playground.stop",
  icon: StopIcon,
  shortcut: { key: "Escape" },
  allowed: ({ running }) => running.length > 0,
  perform: async (parley, { running }) => {
    const unheard = running.filter((generation) => !parley.live.stop(generation));
    await Promise.all(unheard.map((generation) => post(`/api/v1/generations/${generation}/stop`)));
  },
};

export const openPresets: Action<PlaygroundTarget> = {
  name: "playground.presets",
  icon: BookmarkIcon,
  allowed: () => true,
  perform: (_parley, { open }) => open("presets"),
};

export const openRatings: Action<PlaygroundTarget> = {
  name: "playground.ratings",
  icon: RankingIcon,
  allowed: () => true,
  perform: (_parley, { open }) => open("ratings"),
};

export const makeBot: Action<PlaygroundTarget> = {
  name: "playground.makeBot",
  icon: TalkIcon,
  allowed: () => true,
  perform: (_parley, { open }) => open("bot"),
};

export const showCode: Action<PlaygroundTarget> = {
  name: "playground.code",
  icon: CodeIcon,
  allowed: () => true,
  perform: (_parley, { open }) => open("code"),
};

/** A link must not lead nowhere after a day: what is shared is kept. */
export const shareRun: Action<PlaygroundTarget> = {
  name: "playground.share",
  icon: ShareIcon,
  allowed: ({ run, running }) => run !== undefined && running.length === 0,
  perform: async (parley, { run }) => {
    if (!run) return;
    const conversation = await keepConversation(run.id, { temporary: false });
    showKept(parley.queries);
    void parley.queries.invalidateQueries({ queryKey: runQuery(run.id).queryKey });
    parley.dialog.set({ type: "share", conversation });
  },
};

/** What the dialog of `makeBot` does, with one of the models. */
export const saveAsBot: Action<{ name: string; setup: Setup; model: Id }> = {
  ...makeBot,
  name: "action.save",
  allowed: ({ name }) => name !== "",
  perform: async (parley, { name, setup, model }) => {
    // Nobody would answer the calls that a bot makes of a person's own functions.
    const parameters = { ...samplingFor(setup, model), functions: [] };
    await post<BotDetail>("/api/v1/bots", { name, model, system_prompt: setup.system, parameters });
    await parley.queries.invalidateQueries({ queryKey: botsQuery.queryKey });
    parley.toast.set(t("playground.botMade", { name }));
  },
};

export const savePreset: Action<{ name: string; setup: Setup; isShared: boolean }> = {
  name: "action.save",
  icon: BookmarkIcon,
  allowed: ({ name }) => name !== "",
  perform: async ({ queries }, { name, setup, isShared }) => {
    await keepPreset(name, setup, isShared);
    await queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
  },
};

/** To what stands in the playground now. */
export const updatePreset: Action<{ preset: Preset; setup: Setup }> = {
  name: "playground.update",
  icon: BookmarkIcon,
  allowed: ({ preset }) => preset.may_change,
  perform: async ({ queries }, { preset, setup }) => {
    await changePreset(preset, { setup });
    await queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
  },
};

export const removePreset: Action<Preset> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: ({ may_change }) => may_change,
  perform: async ({ queries }, { id }) => {
    await deletePreset(id);
    await queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
  },
};

/** For those of the workspace: it opens the playground with this setup. */
export const copyPresetLink: Action<Preset> = {
  name: "playground.link",
  icon: LinkIcon,
  allowed: ({ shared }) => shared,
  perform: async (parley, { id }) => {
    await parley.copy(window.location.origin + addressOf({ room: "playground", run: null, preset: id }));
    parley.toast.set(t("share.copied"));
  },
};

/** Which of two answers is better; who wrote them is told then. */
export const castVote: Action<{ run: Run; verdict: Verdict }> = {
  name: "playground.vote",
  icon: LikeIcon,
  allowed: ({ run }) => !run.verdict && run.answers.every(({ status }) => hasEnded(status)),
  perform: async (parley, { run, verdict }) => {
    const told = await vote(run.id, verdict);
    parley.queries.setQueryData(runQuery(run.id).queryKey, told);
    void parley.queries.invalidateQueries({ queryKey: standingsQuery.queryKey });
    parley.announced.set(verdictText(told));
  },
};

export function verdictText({ verdict, answers: [a, b] }: Run): string {
  const better = verdict === "a" ? a : verdict === "b" ? b : null;
  if (better) return t("playground.preferred", { name: better.model?.label ?? "" });
  return t(verdict === "tie" ? "playground.preferredBoth" : "playground.preferredNone");
}

export const clearPrompt: Action<PlaygroundTarget> = {
  name: "playground.clear",
  icon: NewChatIcon,
  allowed: isIdle,
  perform: (_parley, { clear }) => {
    clear();
    go({ room: "playground", run: null, preset: null });
  },
};

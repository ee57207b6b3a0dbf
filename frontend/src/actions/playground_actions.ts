// What can be done in the playground. Its buttons, shortcuts and help read these.

import { post } from "../api/client";
import type { Id } from "../api/types";
import { showKept } from "../conversations/cache";
import { keepConversation } from "../conversations/queries";
import { runQuery } from "../playground/queries";
import type { Run } from "../playground/shapes";
import { go } from "../routing/router";
import {
  BookmarkIcon,
  CodeIcon,
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

export const clearPrompt: Action<PlaygroundTarget> = {
  name: "playground.clear",
  icon: NewChatIcon,
  allowed: isIdle,
  perform: (_parley, { clear }) => {
    clear();
    go({ room: "playground", run: null, preset: null });
  },
};

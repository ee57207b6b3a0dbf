import { useQuery } from "@tanstack/react-query";
import type { Prompt } from "../api/types";
import { type Field, useSuggestions } from "../conversation/Suggestions";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { useParley } from "../shell/parley";
import { promptsQuery } from "./queries";
import { variablesOf } from "./variables";

/** A slash where a message or a line of it begins, at the end of what was typed: not one in an address or a date. */
const SLASH = /(?:^|\n)\/([\p{L}\p{N}_-]{0,40})$/u;

/** `/` and some letters put a prompt in their place; what it leaves open is asked for first. */
export function useSlash(text: string, field: Field, write: (text: string) => void) {
  const parley = useParley();
  const prompts = useQuery({ ...promptsQuery, enabled: SLASH.test(text) }).data;
  const use = (prompt: Prompt, rest: string) => {
    const put = (words: string) => {
      write(rest + words);
      parley.focusWish.set("composer");
    };
    if (variablesOf(prompt.text).length) parley.dialog.set({ type: "prompt", prompt, use: put });
    else put(prompt.text);
  };
  const library = {
    key: "library",
    name: t("prompts.library"),
    detail: prompts?.length ? undefined : t("prompts.none"),
    pick: (rest: string) => {
      write(rest);
      go({ room: "settings", page: "prompts" });
    },
  };
  const find = (letters: string) => {
    if (!prompts) return [];
    const fitting = prompts
      .filter(({ name }) => name.includes(letters))
      .sort((a, b) => Number(b.name.startsWith(letters)) - Number(a.name.startsWith(letters)))
      .slice(0, 5)
      .map((prompt) => ({
        key: prompt.id,
        name: `/${prompt.name}`,
        detail: prompt.text.slice(0, 80),
        pick: (rest: string) => use(prompt, rest),
      }));
    // A path or a command that nobody has a prompt for is typed on in peace.
    return fitting.length || !letters ? [...fitting, library] : [];
  };
  return useSuggestions({ text, field, sign: SLASH, find });
}

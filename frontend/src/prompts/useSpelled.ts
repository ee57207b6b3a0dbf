import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { Prompt } from "../api/types";
import { useParley } from "../shell/parley";
import { promptsQuery } from "./queries";
import { promptNamed, type Spelled, spelledIn } from "./spelled";
import { variablesOf } from "./variables";

type Composing = {
  /** What stands in the field now, which may be more than when the wait began. */
  read: () => string;
  write: (text: string) => void;
  send: (text: string) => void;
};

/**
 * Sends what was typed; where it calls a prompt by name, the prompt's words before it. A name alone is put in its place,
 * as choosing it from the list does. While the library is on its way the message waits: it is never said as it stands.
 */
export function useSpelled({ read, write, send }: Composing): (text: string) => void {
  const parley = useParley();
  const findPrompt = useFindPrompt();
  const isLooking = useRef(false);
  const use = (prompt: Prompt, { rest }: Spelled) => {
    const put = (words: string) => {
      if (rest) return send(`${words}\n\n${rest}`);
      write(words);
      parley.focusWish.set("composer");
    };
    if (variablesOf(prompt.text).length) parley.dialog.set({ type: "prompt", prompt, use: put });
    else put(prompt.text);
  };
  const look = async (text: string, spelled: Spelled) => {
    const prompt = await findPrompt(spelled.name);
    if (read() !== text) return; // Typed on meanwhile: not finished.
    if (prompt) use(prompt, spelled);
    else send(text);
  };
  return (text) => {
    const spelled = spelledIn(text);
    if (!spelled) return send(text);
    if (isLooking.current) return;
    isLooking.current = true;
    look(text, spelled)
      .catch((problem: unknown) => parley.complain(problem))
      .finally(() => {
        isLooking.current = false;
      });
  };
}

/** Asks the server where nothing is known of that name. What was known before goes for all while the server is away. */
function useFindPrompt() {
  const queries = useQueryClient();
  return async (name: string): Promise<Prompt | undefined> => {
    const known = queries.getQueryData(promptsQuery.queryKey);
    const found = promptNamed(known, name);
    if (found) return found;
    try {
      return promptNamed(await queries.fetchQuery({ ...promptsQuery, retry: false }), name);
    } catch (problem) {
      if (known) return undefined;
      throw problem;
    }
  };
}

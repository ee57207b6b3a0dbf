import type { Prompt } from "../api/types";
import { changePrompt, createPrompt, deletePrompt, type PromptDraft, promptsQuery } from "../prompts/queries";
import { DeleteIcon, DoneIcon } from "../shell/icons";
import type { Parley } from "../shell/parley";
import type { Action } from "./action";

/** `prompt`: the one that is changed; a new one without. */
export const savePrompt: Action<{ prompt: Prompt | undefined; draft: PromptDraft }> = {
  name: "action.save",
  icon: DoneIcon,
  allowed: () => true,
  perform: async (parley, { prompt, draft }) => {
    if (prompt) await changePrompt(prompt, draft);
    else await createPrompt(draft);
    await refresh(parley);
  },
};

export const removePrompt: Action<Prompt> = {
  name: "action.delete",
  icon: DeleteIcon,
  allowed: ({ may_edit }) => may_edit,
  perform: async (parley, { id, name, text, shared }) => {
    await deletePrompt(id);
    parley.offerUndo("prompts.deleted", async () => {
      await createPrompt({ name, text, shared });
      await refresh(parley);
    });
    await refresh(parley);
  },
};

const refresh = ({ queries }: Parley) => queries.invalidateQueries({ queryKey: promptsQuery.queryKey });

import { useState } from "react";
import type { Action } from "../actions/action";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { ConfirmDialog } from "./ConfirmDialog";
import { HintButton } from "./HintButton";

type Props<Target> = {
  action: Action<Target>;
  target: Target;
  /** The action's name with what it takes away. */
  label: string;
  title: string;
  text: string;
};

/** A bin at the end of a row, which asks before anything is gone for good. */
export function RemoveButton<Target>({ action, target, label, title, text }: Props<Target>) {
  const [isAsked, setAsked] = useState(false);
  const removing = useAction(action, { onDone: () => setAsked(false) });
  const confirm = t(action.name);
  return (
    <>
      <HintButton hint={confirm} label={label} icon={<action.icon />} onClick={() => setAsked(true)} />
      {isAsked && (
        <ConfirmDialog
          {...{ title, text, confirm }}
          problem={removing.error}
          isBusy={removing.isPending}
          onConfirm={() => removing.mutate(target)}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

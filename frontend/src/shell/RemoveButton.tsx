import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog";
import { HintButton } from "./HintButton";
import { DeleteIcon } from "./icons";

type Props = {
  label: string;
  title: string;
  text: string;
  confirm: string;
  remove: () => Promise<unknown>;
  /** Whatever listed it is to be asked for again. */
  onRemoved?: () => unknown;
};

/** A bin at the end of a row, which asks before anything is gone for good. */
export function RemoveButton({ label, title, text, confirm, remove, onRemoved }: Props) {
  const [isAsked, setAsked] = useState(false);
  const removing = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      setAsked(false);
      await onRemoved?.();
    },
  });
  return (
    <>
      <HintButton hint={confirm} label={label} icon={<DeleteIcon />} onClick={() => setAsked(true)} />
      {isAsked && (
        <ConfirmDialog
          {...{ title, text, confirm }}
          problem={removing.error}
          isBusy={removing.isPending}
          onConfirm={() => removing.mutate()}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

import { t } from "../i18n/t";

/** Throws with words for a person. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // Refused without focus, or by a policy: the old way may still be allowed.
    }
  }
  if (!copyBySelection(text)) throw new Error(t("error.clipboard"));
}

/** On plain http there is no clipboard object, but a selection can be copied. */
function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}

import { lazy } from "react";
import { DeleteDialog, RenameDialog } from "../conversations/ConversationDialogs";
import type { Dialog } from "./parley";

const CommandPalette = lazy(() => import("./CommandPalette"));
const HelpSheet = lazy(() => import("./HelpSheet"));
const CompareAnswers = lazy(() => import("../conversation/CompareAnswers"));

/** The one dialog that is open. */
export default function Dialogs({ shown, onClose }: { shown: Dialog; onClose: () => void }) {
  switch (shown.type) {
    case "palette":
      return <CommandPalette onClose={onClose} />;
    case "help":
      return <HelpSheet onClose={onClose} />;
    case "compare":
      return <CompareAnswers {...shown} onClose={onClose} />;
    case "rename":
      return <RenameDialog conversation={shown.conversation} onClose={onClose} />;
    case "delete":
      return <DeleteDialog conversation={shown.conversation} onClose={onClose} />;
    default:
      return null;
  }
}

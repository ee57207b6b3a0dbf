import { lazy } from "react";
import type { Dialog } from "./parley";

const CommandPalette = lazy(() => import("./CommandPalette"));
const HelpSheet = lazy(() => import("./HelpSheet"));
const CompareAnswers = lazy(() => import("../conversation/CompareAnswers"));
const DecisionDialog = lazy(() => import("../conversation/DecisionDialog"));
const LimitsDialog = lazy(() => import("../providers/LimitsDialog"));
const RenameDialog = lazy(() => import("../conversations/RenameDialog"));
const FileDialog = lazy(() => import("../conversations/FileDialog"));
const ShareDialog = lazy(() => import("../conversations/ShareDialog"));
const ClearDialog = lazy(() => import("../conversations/ClearDialog"));
const PromptDialog = lazy(() => import("../prompts/PromptDialog"));
const PictureDialog = lazy(() => import("../files/PictureDialog"));
const ExportDialog = lazy(() => import("../conversations/ExportDialog"));
const PersonLinkDialog = lazy(() => import("../accounts/PersonLinkDialog"));
const PersonRemovalDialog = lazy(() => import("../accounts/PersonRemovalDialog"));
const BudgetDialog = lazy(() => import("../usage/BudgetDialog"));

/** The one dialog that is open. */
export default function Dialogs({ shown, onClose }: { shown: Dialog; onClose: () => void }) {
  switch (shown.type) {
    case "palette":
      return <CommandPalette onClose={onClose} />;
    case "help":
      return <HelpSheet onClose={onClose} />;
    case "compare":
      return <CompareAnswers {...shown} onClose={onClose} />;
    case "decision":
      return <DecisionDialog message={shown.message} onClose={onClose} />;
    case "limits":
      return <LimitsDialog endpoint={shown.endpoint} onClose={onClose} />;
    case "rename":
      return <RenameDialog conversation={shown.conversation} onClose={onClose} />;
    case "file":
      return <FileDialog conversation={shown.conversation} onClose={onClose} />;
    case "share":
      return <ShareDialog conversation={shown.conversation} onClose={onClose} />;
    case "clear":
      return <ClearDialog conversation={shown.conversation} onClose={onClose} />;
    case "prompt":
      return <PromptDialog {...shown} onClose={onClose} />;
    case "picture":
      return <PictureDialog {...shown} onClose={onClose} />;
    case "export":
      return <ExportDialog conversation={shown.conversation} onClose={onClose} />;
    case "budget":
      return <BudgetDialog of={shown.of} onClose={onClose} />;
    case "person-link":
      return <PersonLinkDialog person={shown.person} onClose={onClose} />;
    case "person-removal":
      return <PersonRemovalDialog person={shown.person} onClose={onClose} />;
  }
}

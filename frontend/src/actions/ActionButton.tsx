import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { type Action, performAction, shortcutText } from "./action";

type Props<Target> = {
  action: Action<Target>;
  target: Target;
  /** With words beside the icon. */
  isWordy?: boolean;
  /** Of what, where a list holds many alike: said to screen readers beside the action's name. */
  of?: string;
  variant?: "text" | "outlined" | "contained";
};

/** The button of an action: nothing where the action is not allowed. */
export function ActionButton<Target>({ action, target, isWordy, of, variant = "text" }: Props<Target>) {
  const parley = useParley();
  if (!action.allowed(target)) return null;
  const name = t(action.name);
  const perform = () => void performAction(action, parley, target);
  if (isWordy) {
    return (
      <Button size="small" variant={variant} startIcon={<action.icon />} onClick={perform}>
        {name}
      </Button>
    );
  }
  return (
    <Tooltip title={action.shortcut ? `${name} (${shortcutText(action.shortcut)})` : name}>
      <IconButton
        size="small"
        aria-label={of ? t("action.nameOf", { action: name, name: of }) : name}
        onClick={perform}
      >
        <action.icon />
      </IconButton>
    </Tooltip>
  );
}

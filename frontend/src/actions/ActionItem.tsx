import ListItemIcon from "@mui/material/ListItemIcon";
import MenuItem, { type MenuItemProps } from "@mui/material/MenuItem";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { type Action, performAction } from "./action";

type Props<Target> = Omit<MenuItemProps, "action"> & {
  action: Action<Target>;
  target: Target;
  onDone: () => void;
};

/** The menu entry of an action. */
export function ActionItem<Target>({ action, target, onDone, ...rest }: Props<Target>) {
  const parley = useParley();
  if (!action.allowed(target)) return null;
  const perform = () => {
    onDone();
    void performAction(action, parley, target);
  };
  return (
    <MenuItem {...rest} onClick={perform}>
      <ListItemIcon>
        <action.icon />
      </ListItemIcon>
      {t(action.name)}
    </MenuItem>
  );
}

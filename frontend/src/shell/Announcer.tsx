import Box from "@mui/material/Box";
import { visuallyHidden } from "../theme";
import { useObservable } from "./observable";
import { useParley } from "./parley";

/** Tells a screen reader when an answer starts and ends; never token by token. */
export function Announcer() {
  const { announced } = useParley();
  return (
    <Box aria-live="polite" role="status" sx={visuallyHidden}>
      {useObservable(announced)}
    </Box>
  );
}

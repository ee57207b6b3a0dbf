import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useState } from "react";
import { shortcutText } from "../actions/action";
import { palette } from "../actions/app_actions";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { MenuIcon, PaletteIcon, SendIcon, TalkIcon } from "./icons";
import { keep, recall } from "./storage";

/** Where fingers point, there is rarely a Ctrl to press. */
const hasKeys = !window.matchMedia("(pointer: coarse)").matches;

const SEEN = "parley.tour";

/** Three things to know, once, where there is nothing else to read yet. In nobody's way. */
export function Tour() {
  const [isSeen, setSeen] = useState(() => recall(SEEN) !== null);
  if (isSeen) return null;
  const done = () => {
    keep(SEEN, "seen");
    setSeen(true);
  };
  const keys = palette.shortcut ? shortcutText(palette.shortcut) : "";
  const steps = [
    { icon: TalkIcon, text: t("tour.bot") },
    { icon: SendIcon, text: t("tour.keep") },
    hasKeys
      ? { icon: PaletteIcon, text: t("tour.palette", { keys }) }
      : { icon: MenuIcon, text: t("tour.menu") },
  ];
  return (
    <Box
      component="section"
      aria-label={t("tour.label")}
      sx={{ mt: 5, p: 2, border: 1, borderColor: "divider", borderRadius: radius.medium }}
    >
      <Box
        component="ol"
        sx={{
          m: 0,
          p: 0,
          listStyle: "none",
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr 1fr" },
        }}
      >
        {steps.map(({ icon: Icon, text }) => (
          <Box component="li" key={text} sx={{ display: "flex", gap: 1.25, fontSize: "0.875rem" }}>
            <Box sx={{ color: "primary.main", flex: "none" }}>
              <Icon />
            </Box>
            {text}
          </Box>
        ))}
      </Box>
      <Button size="small" onClick={done} sx={{ mt: 1.5 }}>
        {t("tour.done")}
      </Button>
    </Box>
  );
}

import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Menu from "@mui/material/Menu";
import { useState } from "react";
import { ActionItem } from "../actions/ActionItem";
import { help, leave, openSettings, palette } from "../actions/app_actions";
import { t } from "../i18n/t";
import { useMe } from "../shell/me";
import { radius, visuallyHidden } from "../theme";

export function AccountMenu() {
  const { user, workspace } = useMe();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  const name = user.name || user.email;
  return (
    <Box sx={{ p: 1, borderTop: 1, borderColor: "divider" }}>
      <ButtonBase
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{
          width: "100%",
          justifyContent: "flex-start",
          gap: 1.25,
          px: 1,
          py: 0.75,
          textAlign: "left",
          borderRadius: radius.medium,
          "&:hover": { bgcolor: "background.hover" },
        }}
      >
        <Box component="span" sx={visuallyHidden}>
          {t("account.menu")}
        </Box>
        <Initial name={name} />
        <Box
          sx={{
            minWidth: 0,
            "& > *": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
          }}
        >
          <Box sx={{ fontSize: "0.875rem", fontWeight: 550 }}>{name}</Box>
          <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{workspace.name}</Box>
        </Box>
      </ButtonBase>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={close}
        anchorOrigin={{ vertical: "top", horizontal: "left" }}
        transformOrigin={{ vertical: "bottom", horizontal: "left" }}
      >
        {[openSettings, palette, help, leave].map((action) => (
          <ActionItem key={action.name} action={action} target={null} onDone={close} />
        ))}
      </Menu>
    </Box>
  );
}

function Initial({ name }: { name: string }) {
  return (
    <Box
      aria-hidden
      sx={{
        flex: "none",
        width: 32,
        height: 32,
        display: "grid",
        placeItems: "center",
        borderRadius: radius.pill,
        bgcolor: "primary.main",
        color: "primary.contrastText",
        fontSize: "0.875rem",
        fontWeight: 650,
      }}
    >
      {[...name][0]?.toUpperCase()}
    </Box>
  );
}

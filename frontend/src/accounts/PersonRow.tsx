import Avatar from "@mui/material/Avatar";
import Box from "@mui/material/Box";
import Chip from "@mui/material/Chip";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Select from "@mui/material/Select";
import { useState } from "react";
import { ActionItem } from "../actions/ActionItem";
import { giveRole, nameOf, personActions } from "../actions/person_actions";
import { useAction } from "../actions/useAction";
import type { Person, Role } from "../api/types";
import { dayText } from "../i18n/format";
import { t } from "../i18n/t";
import { Row } from "../settings/Rows";
import { MoreIcon } from "../shell/icons";
import { useMe } from "../shell/me";
import { ROLES, roleText } from "./roles";

export function PersonRow({ person }: { person: Person }) {
  const seen = person.last_sign_in_at
    ? t("people.lastSeen", { day: dayText(person.last_sign_in_at) })
    : t("people.neverCame");
  return (
    <Row
      start={
        <Avatar
          aria-hidden
          sx={{
            width: 32,
            height: 32,
            fontSize: "0.875rem",
            bgcolor: "background.selected",
            color: "text.primary",
          }}
        >
          {[...nameOf(person)][0]?.toUpperCase()}
        </Avatar>
      }
      name={
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
          <span dir="auto">{nameOf(person)}</span>
          {person.is_me && <Chip size="small" label={t("people.you")} />}
          {!person.active && <Chip size="small" color="warning" variant="outlined" label={t("people.off")} />}
        </Box>
      }
      detail={`${person.name ? `${person.email} · ` : ""}${seen}`}
    >
      <RoleChoice person={person} />
      {person.may_manage ? <PersonMenu person={person} /> : <Box sx={{ width: 34 }} />}
    </Row>
  );
}

function RoleChoice({ person }: { person: Person }) {
  const mine = useMe().workspace.role;
  const changing = useAction(giveRole, { complains: true });
  const given = ROLES.filter((role) => mine === "owner" || role === "member" || role === "guest");
  if (!giveRole.allowed({ person, role: person.role })) {
    return <Box sx={{ fontSize: "0.875rem", color: "text.secondary", px: 1.5 }}>{roleText(person.role)}</Box>;
  }
  return (
    <Select
      size="small"
      value={person.role}
      disabled={changing.isPending}
      onChange={(event) => changing.mutate({ person, role: event.target.value as Role })}
      inputProps={{ "aria-label": t("people.roleOf", { name: nameOf(person) }) }}
      sx={{ fontSize: "0.875rem", minWidth: 112 }}
    >
      {[...new Set([...given, person.role])].map((role) => (
        <MenuItem key={role} value={role}>
          {roleText(role)}
        </MenuItem>
      ))}
    </Select>
  );
}

function PersonMenu({ person }: { person: Person }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label={t("people.menu", { name: nameOf(person) })}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {personActions.map((action) => (
          <ActionItem key={action.name} action={action} target={person} onDone={close} />
        ))}
      </Menu>
    </>
  );
}

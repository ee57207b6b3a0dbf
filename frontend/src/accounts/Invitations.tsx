import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { inviteSomebody, revoke } from "../actions/invitation_actions";
import { useAction } from "../actions/useAction";
import type { Invitation, NewInvitation, Role } from "../api/types";
import { dayText } from "../i18n/format";
import { t } from "../i18n/t";
import { addressOf } from "../routing/routes";
import { fieldProblem, formProblem } from "../settings/fields";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { ShownLink } from "../settings/ShownLink";
import { useMe } from "../shell/me";
import { type Invited, invitationsQuery } from "./people";
import { roleText } from "./roles";

const DAYS = [1, 7, 30, 90] as const;
const USES = [1, 5, 25, 100, 1000] as const;

export function Invitations() {
  const invitations = useQuery(invitationsQuery);
  const [made, setMade] = useState<NewInvitation | null>(null);
  const isStillOpen = made && invitations.data?.some(({ id }) => id === made.id);
  return (
    <Section title={t("invitations.title")} hint={t("invitations.hint")}>
      <MakeInvitation onMade={setMade} />
      {made && isStillOpen && (
        <ShownLink
          text={t("invitations.shown")}
          label={t("invitations.link")}
          link={window.location.origin + addressOf({ room: "join", token: made.token })}
        />
      )}
      <Loaded query={invitations}>
        {(items) =>
          items.length ? (
            <Rows label={t("invitations.title")}>
              {items.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
              ))}
            </Rows>
          ) : (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("invitations.none")}
            </Typography>
          )
        }
      </Loaded>
    </Section>
  );
}

function MakeInvitation({ onMade }: { onMade: (made: NewInvitation) => void }) {
  const { role } = useMe().workspace;
  const [wish, setWish] = useState<Invited>({ role: "member", days: 7, most_uses: 1, note: "" });
  const change = (part: Partial<Invited>) => setWish({ ...wish, ...part });
  const making = useAction(inviteSomebody, {
    onDone: (made) => {
      change({ note: "" });
      onMade(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate(wish);
  };
  const roles: readonly Role[] = role === "owner" ? ["admin", "member", "guest"] : ["member", "guest"];
  const problem = formProblem(making.error, ["note"]);
  return (
    <Box
      component="form"
      onSubmit={submit}
      sx={{
        display: "grid",
        gap: 1.5,
        gridTemplateColumns: { xs: "1fr 1fr", sm: "1fr 1fr 1fr" },
        alignItems: "start",
        mb: 2,
      }}
    >
      <TextField
        select
        label={t("invitations.role")}
        value={wish.role}
        onChange={(event) => change({ role: event.target.value as Role })}
      >
        {roles.map((name) => (
          <MenuItem key={name} value={name}>
            {roleText(name)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label={t("share.ends")}
        value={wish.days}
        onChange={(event) => change({ days: Number(event.target.value) })}
      >
        {DAYS.map((count) => (
          <MenuItem key={count} value={count}>
            {t("share.days", { count })}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label={t("invitations.uses")}
        value={wish.most_uses}
        onChange={(event) => change({ most_uses: Number(event.target.value) })}
        sx={{ gridColumn: { xs: "1 / -1", sm: "auto" } }}
      >
        {USES.map((count) => (
          <MenuItem key={count} value={count}>
            {t("invitations.people", { count })}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={t("invitations.note")}
        value={wish.note}
        onChange={(event) => change({ note: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 120 } }}
        {...fieldProblem(making.error, "note")}
        sx={{ gridColumn: { xs: "1 / -1", sm: "1 / 3" } }}
      />
      <Button
        type="submit"
        variant="contained"
        loading={making.isPending}
        sx={{ height: 40, gridColumn: { xs: "1 / -1", sm: "auto" } }}
      >
        {t(inviteSomebody.name)}
      </Button>
      {problem && (
        <Alert severity="error" sx={{ gridColumn: "1 / -1" }}>
          {problem}
        </Alert>
      )}
    </Box>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const revoking = useAction(revoke, { complains: true });
  const { role, note, uses, most_uses, made_by, expires_at } = invitation;
  const details = [
    t("invitations.used", { uses, count: most_uses }),
    t("share.until", { day: dayText(expires_at) }),
    made_by && t("invitations.by", { name: made_by }),
  ];
  return (
    <Row
      name={<span dir="auto">{note || t("invitations.as", { role: roleText(role) })}</span>}
      detail={[note && roleText(role), ...details].filter(Boolean).join(" · ")}
    >
      <Button
        size="small"
        color="error"
        loading={revoking.isPending}
        onClick={() => revoking.mutate(invitation)}
        aria-label={t("invitations.revokeName", { name: note || roleText(role) })}
      >
        {t(revoke.name)}
      </Button>
    </Row>
  );
}

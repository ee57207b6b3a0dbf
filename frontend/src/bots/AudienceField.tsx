import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import type { Role, Who } from "../api/types";
import { t } from "../i18n/t";
import { type FormProps, Group, saidOf } from "./form";

const WAYS = { everyone: "bots.everyone", chosen: "bots.chosen", maker: "bots.maker" } as const;
/** Owners and admins may use what is shared with anybody. */
const ROLES = { member: "bots.members", guest: "bots.guests" } as const satisfies Partial<
  Record<Role, string>
>;

export function AudienceField({ fields, change, problem }: FormProps) {
  const said = saidOf(problem, "audience");
  const toggle = (role: Role, isWanted: boolean) => {
    const others = fields.roles.filter((known) => known !== role);
    change({ roles: isWanted ? [...others, role] : others });
  };
  return (
    <Group title="bots.audience">
      <RadioGroup
        value={fields.who}
        aria-label={t("bots.audience")}
        onChange={(event) => change({ who: event.target.value as Who })}
      >
        {Object.entries(WAYS).map(([who, label]) => (
          <FormControlLabel key={who} value={who} control={<Radio size="small" />} label={t(label)} />
        ))}
      </RadioGroup>
      {fields.who === "chosen" && (
        <Box sx={{ pl: 3.5, display: "grid", gap: 1.5 }}>
          <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 2 }}>
            {Object.entries(ROLES).map(([role, label]) => (
              <FormControlLabel
                key={role}
                label={t(label)}
                control={
                  <Checkbox
                    size="small"
                    checked={fields.roles.includes(role as Role)}
                    onChange={(event) => toggle(role as Role, event.target.checked)}
                  />
                }
              />
            ))}
          </Box>
          <TextField
            label={t("bots.people")}
            helperText={t("bots.peopleHint")}
            multiline
            minRows={2}
            maxRows={8}
            value={fields.people}
            onChange={(event) => change({ people: event.target.value })}
          />
        </Box>
      )}
      {said && <Alert severity="error">{said}</Alert>}
    </Group>
  );
}

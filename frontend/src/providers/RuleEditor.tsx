import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { saveRule } from "../actions/rule_actions";
import { useAction } from "../actions/useAction";
import { t } from "../i18n/t";
import { Section } from "../settings/Section";
import { AddIcon } from "../shell/icons";
import { RuleStep } from "./RuleStep";
import { RuleTrial } from "./RuleTrial";
import { emptyStep, moved, type Rule, type Step } from "./rules";

/** `key`: who a step is while it is moved about. */
type Keyed = { key: number; step: Step };

let lastKey = 0;
const keyed = (step: Step): Keyed => ({ key: ++lastKey, step });

/** A rule: its steps in their order, and a try on what was said before. */
export function RuleEditor({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }) {
  const [name, setName] = useState(rule?.name ?? "");
  const [isLive, setLive] = useState(rule?.live ?? false);
  const [list, setList] = useState<Keyed[]>(() => (rule?.steps ?? [emptyStep]).map(keyed));
  const steps = list.map(({ step }) => step);
  const saving = useAction(saveRule, { onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ rule, written: { name: name.trim(), steps, live: isLive } });
  };
  const change = (place: number, step: Step) =>
    setList(list.map((one, at) => (at === place ? { ...one, step } : one)));
  return (
    <Section title={t(rule ? "rules.edit" : "rules.make")} hint={t("rules.editHint")}>
      <Box component="form" onSubmit={submit} sx={{ display: "grid", gap: 2 }}>
        <TextField
          label={t("field.name")}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 120 } }}
        />
        <Box
          component="ol"
          aria-label={t("rules.order")}
          sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 2 }}
        >
          {list.map(({ key, step }, place) => (
            <RuleStep
              key={key}
              step={step}
              place={place}
              count={list.length}
              onChange={(next) => change(place, next)}
              onMove={(by) => setList(moved(list, place, by))}
              onRemove={() => setList(list.filter((_one, at) => at !== place))}
            />
          ))}
        </Box>
        <Box>
          <Button size="small" startIcon={<AddIcon />} onClick={() => setList([...list, keyed(emptyStep)])}>
            {t("rules.addStep")}
          </Button>
        </Box>
        <RuleTrial steps={steps} />
        <FormControlLabel
          control={<Switch checked={isLive} onChange={(event) => setLive(event.target.checked)} />}
          label={t("rules.goLive")}
        />
        {saving.error && <Alert severity="error">{saving.error.message}</Alert>}
        <Box sx={{ display: "flex", justifyContent: "flex-end", gap: 1 }}>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="contained" loading={saving.isPending}>
            {t(saveRule.name)}
          </Button>
        </Box>
      </Box>
    </Section>
  );
}

import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { removeRule } from "../actions/rule_actions";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { HintButton } from "../shell/HintButton";
import { AddIcon, EditIcon } from "../shell/icons";
import { RemoveButton } from "../shell/RemoveButton";
import { RuleEditor } from "./RuleEditor";
import { type Rule, rulesQuery } from "./rules";

/** Which model answers what: rules that bots name in place of a model. */
export default function RulesPage() {
  const rules = useQuery(rulesQuery);
  const [opened, setOpened] = useState<Rule | "new" | null>(null);
  if (opened)
    return <RuleEditor rule={opened === "new" ? undefined : opened} onClose={() => setOpened(null)} />;
  const add = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setOpened("new")}>
      {t("rules.make")}
    </Button>
  );
  return (
    <Section title={t("rules.title")} hint={t("rules.hint")} action={add}>
      <Loaded query={rules}>
        {(all) =>
          all.length ? (
            <Rows label={t("rules.title")}>
              {all.map((rule) => (
                <RuleRow key={rule.id} rule={rule} onEdit={() => setOpened(rule)} />
              ))}
            </Rows>
          ) : (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("rules.none")}
            </Typography>
          )
        }
      </Loaded>
    </Section>
  );
}

function RuleRow({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  return (
    <Row name={rule.name} detail={t("rules.steps", { count: rule.steps.length })}>
      <Chip
        size="small"
        variant="outlined"
        color={rule.live ? "success" : "default"}
        label={t(rule.live ? "rules.live" : "rules.notLive")}
      />
      <HintButton
        hint={t("action.edit")}
        label={t("bots.edit", { name: rule.name })}
        icon={<EditIcon />}
        onClick={onEdit}
      />
      <RemoveButton
        label={t("bots.delete", { name: rule.name })}
        title={t("rules.deleteTitle")}
        text={t("rules.deleteText", { name: rule.name })}
        action={removeRule}
        target={rule}
      />
    </Row>
  );
}

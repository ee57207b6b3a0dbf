import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { ConfirmDialog } from "../shell/ConfirmDialog";
import { AddIcon, DeleteIcon, EditIcon } from "../shell/icons";
import { RuleEditor } from "./RuleEditor";
import { deleteRule, type Rule, rulesQuery } from "./rules";
import { useModelsChanged } from "./useModelsChanged";

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
  const queries = useQueryClient();
  const changed = useModelsChanged();
  const [isAsked, setAsked] = useState(false);
  const deleting = useMutation({
    mutationFn: () => deleteRule(rule.id),
    onSuccess: async () => {
      setAsked(false);
      await Promise.all([queries.invalidateQueries({ queryKey: rulesQuery.queryKey }), changed()]);
    },
  });
  return (
    <Row name={rule.name} detail={t("rules.steps", { count: rule.steps.length })}>
      <Chip
        size="small"
        variant="outlined"
        color={rule.live ? "success" : "default"}
        label={t(rule.live ? "rules.live" : "rules.notLive")}
      />
      <Tooltip title={t("action.edit")}>
        <IconButton size="small" aria-label={t("bots.edit", { name: rule.name })} onClick={onEdit}>
          <EditIcon />
        </IconButton>
      </Tooltip>
      <Tooltip title={t("action.delete")}>
        <IconButton
          size="small"
          aria-label={t("bots.delete", { name: rule.name })}
          onClick={() => setAsked(true)}
        >
          <DeleteIcon />
        </IconButton>
      </Tooltip>
      {isAsked && (
        <Box component="span">
          <ConfirmDialog
            title={t("rules.deleteTitle")}
            text={t("rules.deleteText", { name: rule.name })}
            confirm={t("action.delete")}
            problem={deleting.error}
            isBusy={deleting.isPending}
            onConfirm={() => deleting.mutate()}
            onClose={() => setAsked(false)}
          />
        </Box>
      )}
    </Row>
  );
}

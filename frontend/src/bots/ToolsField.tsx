import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import { useQuery } from "@tanstack/react-query";
import { t } from "../i18n/t";
import { modelsQuery } from "../providers/queries";
import { aboutOf, titleOf } from "../tools/names";
import { toolsQuery } from "../tools/queries";
import { type FormProps, Group, saidOf } from "./form";

/** What the bot may call by itself. */
export function ToolsField({ fields, change, problem }: FormProps) {
  const tools = useQuery(toolsQuery).data ?? [];
  const model = useQuery(modelsQuery).data?.find(({ id }) => id === fields.model);
  const toggle = (name: string, isWanted: boolean) => {
    const others = fields.tools.filter((known) => known !== name);
    change({ tools: isWanted ? [...others, name] : others });
  };
  const cannot = fields.tools.length > 0 && model && !model.is_rule && !model.tools;
  const said = saidOf(problem, "parameters.tools");
  return (
    <Group title="bots.tools" hint="bots.toolsHint">
      <Box sx={{ display: "grid", gap: 0.5 }}>
        {tools.map((tool) => (
          <FormControlLabel
            key={tool.name}
            sx={{ alignItems: "flex-start", mr: 0 }}
            control={
              <Checkbox
                size="small"
                checked={fields.tools.includes(tool.name)}
                onChange={(event) => toggle(tool.name, event.target.checked)}
                sx={{ py: 0.25 }}
              />
            }
            label={
              <>
                <Box sx={{ fontSize: "0.9375rem" }}>{titleOf(tool)}</Box>
                <Box sx={{ fontSize: "0.8125rem", color: "text.secondary" }}>{aboutOf(tool)}</Box>
              </>
            }
          />
        ))}
      </Box>
      {cannot && (
        <Alert severity="warning">{t("bots.toolsCannot", { model: model.label || model.name })}</Alert>
      )}
      {said && <Alert severity="error">{said}</Alert>}
    </Group>
  );
}

import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";
import { useId } from "react";
import type { Budget } from "../api/types";
import { dollarText, numberText, percentText } from "../i18n/format";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { shareOf } from "./budgets";

/** From here on it is worth a look. */
const SCARCE = 0.8;

/** How much of a budget is used: a bar for each limit of a month, and the limits of a moment in words. */
export function Meters({ budget }: { budget: Budget }) {
  const { tokens_per_month, dollars_per_month, tokens_per_minute, concurrent } = budget;
  const momentary = [
    tokens_per_minute !== null && t("budgets.perMinute", { tokens: numberText(tokens_per_minute) }),
    concurrent !== null && t("budgets.atOnce", { answers: numberText(concurrent) }),
  ].filter(Boolean);
  return (
    <Box
      sx={{
        display: "grid",
        rowGap: 1.5,
        columnGap: 3,
        gridTemplateColumns: "repeat(auto-fit, minmax(220px, 1fr))",
      }}
    >
      {tokens_per_month !== null && (
        <Meter
          name={t("usage.tokens")}
          share={shareOf(budget.used_tokens, tokens_per_month)}
          text={t("budgets.used", {
            used: numberText(budget.used_tokens),
            limit: numberText(tokens_per_month),
          })}
        />
      )}
      {dollars_per_month !== null && (
        <Meter
          name={t("usage.cost")}
          share={shareOf(budget.used_dollars, dollars_per_month)}
          text={t("budgets.used", {
            used: dollarText(budget.used_dollars),
            limit: dollarText(dollars_per_month),
          })}
        />
      )}
      {momentary.length > 0 && (
        <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", gridColumn: "1 / -1" }}>
          {momentary.join(" · ")}
        </Box>
      )}
    </Box>
  );
}

function Meter({ name, share, text }: { name: string; share: number; text: string }) {
  const id = useId();
  const color = share >= 1 ? "error" : share >= SCARCE ? "warning" : "primary";
  return (
    <Box>
      <Box
        id={id}
        sx={{ display: "flex", justifyContent: "space-between", gap: 1, mb: 0.5, fontSize: "0.8125rem" }}
      >
        <Box component="span" sx={{ color: "text.secondary" }}>
          {name}
        </Box>
        <Box component="span">
          {text}
          <Box component="span" sx={{ color: "text.secondary" }}>
            {" "}
            · {percentText(share)}
          </Box>
        </Box>
      </Box>
      <LinearProgress
        variant="determinate"
        color={color}
        value={share * 100}
        aria-labelledby={id}
        sx={{ height: 6, borderRadius: radius.pill, bgcolor: "background.selected" }}
      />
    </Box>
  );
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import type { Page, UsageDay } from "../api/types";
import { calendarDayText, dollarText, figureText, numberText } from "../i18n/format";
import { type Key, t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { DownloadIcon } from "../shell/icons";
import { BarChart } from "./BarChart";
import { asCsv, GROUPS, type Group, lastDays, MEASURES, type Measure, type Sum, sumOf, sumsOf } from "./sums";

const RANGES = [7, 30, 90, 365] as const;
const NAMES = {
  day: "usage.day",
  person: "usage.person",
  model: "bots.model",
  tokens: "usage.tokens",
  dollars: "usage.cost",
  answers: "usage.answers",
  people: "people.title",
  firstWord: "usage.firstWord",
} as const satisfies Record<Group | Measure, Key>;

const usageQuery = (since: string) =>
  queryOptions({
    queryKey: ["usage", since],
    queryFn: async ({ signal }) =>
      (await get<Page<UsageDay>>("/api/v1/usage", { signal, query: { since } })).items,
    staleTime: 0,
  });

export default function UsagePage() {
  const [range, setRange] = useState<number>(30);
  const days = lastDays(range);
  const usage = useQuery(usageQuery(days[0] ?? ""));
  return (
    <Section title={t("settings.usage")} hint={t("usage.hint")}>
      <Loaded query={usage}>
        {(rows) => <Report rows={rows} days={days} range={range} onRange={setRange} />}
      </Loaded>
    </Section>
  );
}

type ReportProps = {
  rows: readonly UsageDay[];
  days: readonly string[];
  range: number;
  onRange: (days: number) => void;
};

function Report({ rows, days, range, onRange }: ReportProps) {
  const [measure, setMeasure] = useState<Measure>("tokens");
  const [by, setBy] = useState<Group>("day");
  const sums = sumsOf(rows, "day", days);
  const value = (sum: Sum) => sum[measure] ?? 0;
  const most = sums.reduce((found, sum) => (value(sum) > value(found) ? sum : found), sumOf("", []));
  const bars = sums.map((sum) => ({
    key: sum.of,
    value: value(sum),
    name: calendarDayText(sum.of),
    text: `${calendarDayText(sum.of)}: ${shown(measure, sum)}`,
  }));
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mb: 2 }}>
        <Choice label={t("usage.range")} value={range} onChange={(text) => onRange(Number(text))}>
          {RANGES.map((count) => ({ value: count, text: t("usage.days", { count }) }))}
        </Choice>
        <Choice label={t("people.show")} value={measure} onChange={(text) => setMeasure(text as Measure)}>
          {MEASURES.map((name) => ({ value: name, text: t(NAMES[name]) }))}
        </Choice>
        <Choice label={t("usage.by")} value={by} onChange={(text) => setBy(text as Group)}>
          {GROUPS.map((name) => ({ value: name, text: t(NAMES[name]) }))}
        </Choice>
        <Button startIcon={<DownloadIcon />} disabled={!rows.length} onClick={() => download(rows)}>
          CSV
        </Button>
      </Box>
      {rows.length ? (
        <>
          <BarChart bars={bars} label={`${t(NAMES[measure])}, ${t(NAMES.day)}`} top={shown(measure, most)} />
          <Figures
            sums={by === "day" ? [...sums].reverse() : sumsOf(rows, by, days)}
            all={sumOf("", rows)}
            by={by}
          />
        </>
      ) : (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("usage.none")}
        </Typography>
      )}
    </>
  );
}

function Figures({ sums, all, by }: { sums: readonly Sum[]; all: Sum; by: Group }) {
  const rows = [{ ...all, of: t("usage.all") }, ...sums.filter(({ answers, tokens }) => answers || tokens)];
  return (
    <TableContainer tabIndex={0} role="region" aria-label={t("settings.usage")}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{t(NAMES[by])}</TableCell>
            {MEASURES.map((name) => (
              <TableCell key={name} align="right">
                {t(NAMES[name])}
              </TableCell>
            ))}
            <TableCell align="right">{t("usage.errors")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((sum, index) => (
            <TableRow key={index === 0 ? "all" : `of-${sum.of}`}>
              <TableCell
                component="th"
                scope="row"
                sx={{
                  overflowWrap: "anywhere",
                  minWidth: 110,
                  whiteSpace: by === "day" ? "nowrap" : undefined,
                }}
              >
                {index > 0 && by === "day" ? calendarDayText(sum.of) : sum.of || t("usage.gone")}
              </TableCell>
              {MEASURES.map((name) => (
                <TableCell key={name} align="right">
                  {shown(name, sum)}
                </TableCell>
              ))}
              <TableCell align="right">{numberText(sum.errors)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

type Option = { value: string | number; text: string };
type ChoiceProps = {
  label: string;
  value: string | number;
  onChange: (text: string) => void;
  children: readonly Option[];
};

function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      sx={{ flex: "1 1 140px" }}
    >
      {children.map((option) => (
        <MenuItem key={option.value} value={option.value}>
          {option.text}
        </MenuItem>
      ))}
    </TextField>
  );
}

function shown(measure: Measure, sum: Sum): string {
  if (measure === "dollars") return dollarText(sum.dollars);
  if (measure !== "firstWord") return numberText(sum[measure]);
  return sum.firstWord === null ? "–" : t("usage.seconds", { seconds: figureText(sum.firstWord / 1000) });
}

function download(rows: readonly UsageDay[]): void {
  const url = URL.createObjectURL(new Blob([asCsv(rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "usage.csv";
  link.click();
  URL.revokeObjectURL(url);
}

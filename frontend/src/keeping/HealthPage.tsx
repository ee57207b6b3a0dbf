import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Condition } from "../api/types";
import { bytesText, numberText } from "../i18n/format";
import { type Key, t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";

const ASKED_EVERY_MS = 15_000;

const STATES = {
  ok: { text: "endpoint.ok", color: "success" },
  degraded: { text: "health.degraded", color: "warning" },
  failing: { text: "endpoint.failing", color: "error" },
} as const satisfies Record<string, { text: Key; color: string }>;

/** What each check looks at, and what to do when it fails. The server's own sentence, which has the figures, stands below. */
const CHECKS: Readonly<Record<string, { name: Key; remedy: Key }>> = {
  serving: { name: "health.serving", remedy: "health.servingRemedy" },
  database: { name: "health.database", remedy: "health.databaseRemedy" },
  loop: { name: "health.loop", remedy: "health.loopRemedy" },
  redis: { name: "health.redis", remedy: "health.redisRemedy" },
  schedule: { name: "health.schedule", remedy: "health.scheduleRemedy" },
  disk: { name: "health.space", remedy: "health.spaceRemedy" },
  replies: { name: "health.replies", remedy: "health.repliesRemedy" },
  storage: { name: "health.storage", remedy: "health.storageRemedy" },
};

const conditionQuery = queryOptions({
  queryKey: ["condition"],
  queryFn: ({ signal }) => get<Condition>("/api/v1/condition", { signal }),
  refetchInterval: ASKED_EVERY_MS,
  staleTime: 0,
});

/** Whether all is well, and if not, what to do about it. */
export default function HealthPage() {
  const condition = useQuery(conditionQuery);
  const again = (
    <Button variant="outlined" loading={condition.isFetching} onClick={() => void condition.refetch()}>
      {t("health.again")}
    </Button>
  );
  return (
    <Section title={t("settings.health")} hint={t("health.hint")} action={again}>
      <Loaded query={condition}>{(found) => <Found condition={found} />}</Loaded>
    </Section>
  );
}

function Remedy({ said, known }: { said: string; known: Key | undefined }) {
  return (
    <>
      {known && <Box sx={{ color: "text.primary" }}>{t(known)}</Box>}
      <span lang="en" dir="ltr">
        {said}
      </span>
    </>
  );
}

function Found({ condition }: { condition: Condition }) {
  const { checks, processes, versions } = condition;
  const size = condition.database_bytes === null ? "–" : bytesText(condition.database_bytes);
  const figures: [string, string][] = [
    [t("health.writing"), numberText(condition.replies_written)],
    [t("health.waiting"), numberText(condition.replies_waiting)],
    [t("health.database"), size],
    [t("health.disk"), `${bytesText(condition.disk_free_bytes)} / ${bytesText(condition.disk_bytes)}`],
    [t("health.files"), condition.files_in === "S3" ? "S3" : t("health.folder")],
    ...Object.entries(versions),
  ];
  return (
    <>
      <Rows label={t("settings.health")}>
        {checks.map(({ name, state, remedy }) => (
          <Row
            key={name}
            name={CHECKS[name] ? t(CHECKS[name].name) : name}
            detail={state === "ok" ? undefined : <Remedy said={remedy} known={CHECKS[name]?.remedy} />}
          >
            <Chip size="small" variant="outlined" color={STATES[state].color} label={t(STATES[state].text)} />
          </Row>
        ))}
        {processes.map(({ name, ready }) => (
          <Row key={name} name={name} detail={t("health.process")}>
            <Chip
              size="small"
              variant="outlined"
              color={ready ? "success" : "error"}
              label={t(ready ? "endpoint.ok" : "endpoint.failing")}
            />
          </Row>
        ))}
      </Rows>
      <Box
        component="dl"
        sx={{
          mt: 3,
          display: "grid",
          gridTemplateColumns: "auto 1fr",
          columnGap: 3,
          rowGap: 1,
          fontSize: "0.9375rem",
        }}
      >
        {figures.map(([name, value]) => (
          <Box key={name} sx={{ display: "contents" }}>
            <Box component="dt" sx={{ color: "text.secondary" }}>
              {name}
            </Box>
            <Box component="dd" sx={{ m: 0, overflowWrap: "anywhere" }}>
              {value}
            </Box>
          </Box>
        ))}
      </Box>
    </>
  );
}

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Typography from "@mui/material/Typography";
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ActionButton } from "../actions/ActionButton";
import { performAction } from "../actions/action";
import {
  clearPrompt,
  makeBot,
  openPresets,
  openRatings,
  type PlaygroundDialog,
  type PlaygroundTarget,
  shareRun,
  showCode,
  startRun,
  stopRun,
} from "../actions/playground_actions";
import { useShortcuts } from "../actions/useShortcut";
import type { Id, Model } from "../api/types";
import { hasEnded } from "../conversation/answer";
import { t } from "../i18n/t";
import { modelsQuery } from "../providers/queries";
import { newKey } from "../realtime/key";
import { go } from "../routing/router";
import { ConnectionLine } from "../shell/ConnectionLine";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { useMe } from "../shell/me";
import { useParley } from "../shell/parley";
import { Waiting } from "../shell/Waiting";
import { Columns } from "./Columns";
import { type Called, emptyFields, fieldsOf, lackOf, setupOf } from "./fields";
import { ModelList } from "./ModelList";
import { Parameters } from "./Parameters";
import { PromptEditor } from "./PromptEditor";
import * as server from "./queries";
import { RunsMenu } from "./RunsMenu";
import type { Preset, Run } from "./shapes";
import { type KeptFields, useFields } from "./useFields";
import { VoteBar } from "./VoteBar";

const CodeDialog = lazy(() => import("./CodeDialog"));
const MakeBotDialog = lazy(() => import("./MakeBotDialog"));
const RatingsDialog = lazy(() => import("./RatingsDialog"));
const PresetsDialog = lazy(() => import("./PresetsDialog"));

/** A prompt in front of up to four models, whose answers are written beside each other. */
export default function PlaygroundRoom({ run: id, preset }: { run: Id | null; preset: Id | null }) {
  useDocumentTitle(t("playground.title"));
  const form = useFields(useMe().user.id);
  const models = useQuery(modelsQuery).data;
  const run = useQuery({ ...server.runQuery(id ?? ""), enabled: id !== null });
  const [dialog, setDialog] = useState<PlaygroundDialog | null>(null);
  useSetupOf(run.data, form);
  usePreset(preset, form);
  useUsableModels(models, form);
  const target = useTarget(run.data, form, setDialog);
  const answers = useShownOnPhones(id);
  useShortcuts(ROOM_ACTIONS, target);
  const { change } = form;
  const onAnswer = useCallback((called: Called) => change({ type: "answerCalls", ...called }), [change]);
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1" noWrap>
          {t("playground.title")}
        </Typography>
      </HeaderLine>
      <ConnectionLine />
      <Box component="main" sx={room}>
        <Editor form={form} models={models ?? []} target={target} shown={id} />
        <Box component="section" ref={answers} aria-label={t("playground.answers")} sx={results} data-scroll>
          {id ? <Answers query={run} onAnswer={onAnswer} /> : <Nothing />}
        </Box>
      </Box>
      <Suspense>
        <Dialogs shown={dialog} form={form} models={models ?? []} onClose={() => setDialog(null)} />
      </Suspense>
    </>
  );
}

const ROOM_ACTIONS = [startRun, stopRun];

type AnswersProps = { query: UseQueryResult<Run>; onAnswer: (called: Called) => void };

function Answers({ query, onAnswer }: AnswersProps) {
  if (query.data) {
    return (
      <Box sx={{ height: { md: "100%" }, display: "flex", flexDirection: "column" }}>
        <Box sx={{ flex: 1, minHeight: 0 }}>
          <Columns run={query.data} onAnswer={onAnswer} />
        </Box>
        {query.data.blind && <VoteBar run={query.data} />}
      </Box>
    );
  }
  if (!query.error) return <Waiting />;
  return (
    <Alert
      severity="error"
      action={
        <Button color="inherit" size="small" onClick={() => void query.refetch()}>
          {t("action.retry")}
        </Button>
      }
    >
      {query.error.message}
    </Alert>
  );
}

function Nothing() {
  return (
    <Box sx={{ height: "100%", minHeight: 160, display: "grid", placeContent: "center", px: 3 }}>
      <Typography sx={{ maxWidth: 420, textAlign: "center", color: "text.secondary" }}>
        {t("playground.hint")}
      </Typography>
    </Box>
  );
}

type EditorProps = {
  form: KeptFields;
  models: readonly Model[];
  target: PlaygroundTarget;
  shown: Id | null;
};

function Editor({ form: { fields, change }, models, target, shown }: EditorProps) {
  const names = fields.models.map((id) => models.find((model) => model.id === id)?.label ?? "");
  return (
    <Box component="section" aria-label={t("playground.prompt")} sx={editor}>
      <Box
        sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", gap: 0.25, ml: -0.75, minHeight: 36 }}
      >
        <RunsMenu shown={shown} />
        <Box sx={{ ml: "auto", display: "flex" }}>
          {[clearPrompt, openPresets, makeBot, showCode, openRatings, shareRun].map((action) => (
            <ActionButton key={action.name} action={action} target={target} />
          ))}
        </Box>
      </Box>
      <ModelList models={models} chosen={fields.models} own={fields.own} change={change} />
      <FormControlLabel
        label={t("playground.blind")}
        slotProps={{ typography: { variant: "body2" } }}
        control={
          <Checkbox
            size="small"
            checked={fields.blind}
            onChange={(event) => change({ type: "set", change: { blind: event.target.checked } })}
          />
        }
      />
      <PromptEditor fields={fields} names={names} change={change} />
      <Parameters fields={fields} change={change} />
      <Box sx={runBar}>
        <RunButton target={target} />
      </Box>
    </Box>
  );
}

function RunButton({ target }: { target: PlaygroundTarget }) {
  const parley = useParley();
  const action = startRun.allowed(target) ? startRun : stopRun;
  return (
    <Button
      fullWidth
      variant="contained"
      startIcon={<action.icon />}
      onClick={() => void performAction(action, parley, target)}
    >
      {t(action.name)}
    </Button>
  );
}

type DialogProps = {
  shown: PlaygroundDialog | null;
  form: KeptFields;
  models: readonly Model[];
  onClose: () => void;
};

function Dialogs({ shown, form, models, onClose }: DialogProps) {
  const setup = useMemo(() => (shown ? setupOf(form.fields) : null), [shown, form.fields]);
  if (shown === "presets") {
    return <PresetsDialog setup={setup} onLoad={(preset) => loadPreset(form, preset)} onClose={onClose} />;
  }
  if (shown === "ratings") return <RatingsDialog onClose={onClose} />;
  if (!setup) return null;
  if (shown === "code") return <CodeDialog setup={setup} models={models} onClose={onClose} />;
  return shown && <MakeBotDialog setup={setup} models={models} onClose={onClose} />;
}

function loadPreset(form: KeptFields, preset: Preset): void {
  form.belong(null, fieldsOf(preset.setup));
  go({ room: "playground", run: null, preset: null }, "replace");
}

/** What the room's actions act on. */
function useTarget(
  run: Run | undefined,
  form: KeptFields,
  open: (dialog: PlaygroundDialog) => void,
): PlaygroundTarget {
  const queries = useQueryClient();
  const isStarting = useRef(false);
  const writing = run?.answers.filter(({ status }) => !hasEnded(status)) ?? [];
  const start = async () => {
    const lack = lackOf(form.fields);
    const setup = setupOf(form.fields);
    if (lack || !setup) throw new Error(t(`playground.lack.${lack ?? "schema"}`));
    if (isStarting.current) return;
    isStarting.current = true;
    try {
      const started = await server.startRun(newKey(), setup, form.fields.blind);
      queries.setQueryData(server.runQuery(started.id).queryKey, started);
      form.belong(started.id);
      go({ room: "playground", run: started.id, preset: null });
    } finally {
      isStarting.current = false;
    }
  };
  return {
    run,
    running: writing.flatMap(({ generation }) => (generation ? [generation.id] : [])),
    start,
    clear: () => form.belong(null, { ...emptyFields, models: form.fields.models }),
    open,
  };
}

/** A run that was opened brings its prompt; one that was begun here has it already, with what was typed since. */
function useSetupOf(run: Run | undefined, { isOf, belong }: KeptFields): void {
  useEffect(() => {
    if (run && !isOf(run.id)) belong(run.id, { ...fieldsOf(run.setup), blind: run.blind });
  }, [run, isOf, belong]);
}

/** Where the answers stand below the prompt, whoever runs it is led to them. */
function useShownOnPhones(run: Id | null) {
  const answers = useRef<HTMLElement>(null);
  useEffect(() => {
    if (run && window.matchMedia("(max-width: 899.95px)").matches) answers.current?.scrollIntoView();
  }, [run]);
  return answers;
}

/** A link to a preset was followed. */
function usePreset(id: Id | null, form: KeptFields): void {
  const parley = useParley();
  const newest = useRef(form);
  newest.current = form;
  useEffect(() => {
    if (!id) return;
    server.getPreset(id).then(
      (preset) => loadPreset(newest.current, preset),
      (problem: unknown) => parley.complain(problem),
    );
  }, [id, parley]);
}

/** Somebody who begins has a model; one that is gone is not offered any more. */
function useUsableModels(models: readonly Model[] | undefined, { fields, change }: KeptFields): void {
  useEffect(() => {
    if (!models?.length) return;
    const usable = fields.models.filter((id) => models.some((model) => model.id === id));
    const first = models.find(({ is_guide }) => !is_guide) ?? models[0];
    const wanted = usable.length || !first ? usable : [first.id];
    if (wanted.length !== fields.models.length) change({ type: "set", change: { models: wanted } });
  }, [models, fields.models, change]);
}

const room = {
  flex: 1,
  minHeight: 0,
  display: "flex",
  flexDirection: { xs: "column", md: "row" },
  overflowY: { xs: "auto", md: "hidden" },
} as const;

const editor = {
  width: { xs: "auto", md: 340, lg: 400 },
  flex: "none",
  display: "grid",
  alignContent: "start",
  gap: 1.5,
  px: { xs: 1.5, sm: 2 },
  pb: { xs: 1, md: 0 },
  overflowY: { md: "auto" },
} as const;

const runBar = {
  position: "sticky",
  bottom: 0,
  py: 1.5,
  bgcolor: "background.default",
} as const;

const results = {
  flex: 1,
  minWidth: 0,
  minHeight: { xs: "auto", md: 0 },
  px: { xs: 1.5, sm: 2 },
  pb: 2,
  overflowY: { md: "auto" },
} as const;

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { saveBot } from "../actions/editor_actions";
import { useAction } from "../actions/useAction";
import type { BotDetail, Id } from "../api/types";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { Loaded } from "../settings/Loaded";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { BackIcon } from "../shell/icons";
import { BotForm } from "./BotForm";
import { emptyFields, fieldsOf } from "./fields";
import { Preview } from "./Preview";
import { botQuery } from "./queries";
import { useUnsaved } from "./unsaved";
import { Versions } from "./Versions";

/** `known`: the bot as it is stored; undefined while it is being made. */
export function EditorRoom({ bot }: { bot: Id | "new" }) {
  const known = useQuery({ ...botQuery(bot), enabled: bot !== "new" });
  if (bot === "new") return <Editor known={undefined} />;
  return (
    <Loaded query={known}>{(found) => <Editor key={`${found.id}.${found.version}`} known={found} />}</Loaded>
  );
}

type Panel = "form" | "preview" | "versions";
const NAMES: Readonly<Record<Panel, Key>> = {
  form: "bots.form",
  preview: "bots.preview",
  versions: "bots.versions",
};

function Editor({ known }: { known: BotDetail | undefined }) {
  const start = known ? fieldsOf(known) : emptyFields;
  const { fields, change, isChanged, wasFound, forget } = useUnsaved(known, start);
  const edited = { known, fields, isChanged, forget };
  const saving = useAction(saveBot);
  const isWide = useMediaQuery("(min-width: 1100px)", { noSsr: true });
  const [wanted, setPanel] = useState<Panel>("form");
  const panels: Panel[] = known ? ["form", "preview", "versions"] : ["form", "preview"];
  const beside = wanted === "form" ? "preview" : wanted;
  const shown = isWide ? beside : wanted;
  const title = known ? t("bots.editTitle") : t("bots.make");
  useDocumentTitle(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate(edited);
  };
  return (
    <>
      <EditorLine title={title} isBusy={saving.isPending} isReady={saveBot.allowed(edited)} />
      <Box component="main" sx={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
        {!isWide && <PanelTabs panels={panels} shown={shown} onShow={setPanel} />}
        <Box sx={{ flex: 1, minHeight: 0, display: "flex" }}>
          <Box
            component="form"
            id="bot-form"
            onSubmit={submit}
            sx={{ ...scrolled, display: isWide || shown === "form" ? "block" : "none" }}
          >
            {wasFound && isChanged && (
              <Alert
                severity="info"
                sx={{ mb: 2 }}
                action={
                  <Button size="small" color="inherit" onClick={forget}>
                    {t("bots.discard")}
                  </Button>
                }
              >
                {t("bots.unsavedFound")}
              </Alert>
            )}
            <BotForm {...{ fields, change, problem: saving.error, isDefault: known?.is_default ?? false }} />
          </Box>
          <Box sx={{ ...side(isWide), display: isWide || shown !== "form" ? "flex" : "none" }}>
            {isWide && known && (
              <PanelTabs panels={["preview", "versions"]} shown={beside} onShow={setPanel} />
            )}
            <Box
              sx={{
                flex: 1,
                minHeight: 0,
                display: shown === "versions" ? "none" : "flex",
                flexDirection: "column",
              }}
            >
              <Preview fields={fields} />
            </Box>
            {known && shown === "versions" && <Versions bot={known} isChanged={isChanged} />}
          </Box>
        </Box>
      </Box>
    </>
  );
}

function EditorLine({ title, isBusy, isReady }: { title: string; isBusy: boolean; isReady: boolean }) {
  return (
    <HeaderLine>
      <Tooltip title={t("bots.back")}>
        <IconButton
          aria-label={t("bots.back")}
          onClick={() => go({ room: "bots", bot: null })}
          sx={{ "[dir=rtl] & svg": { transform: "scaleX(-1)" } }}
        >
          <BackIcon />
        </IconButton>
      </Tooltip>
      <Typography variant="h2" component="h1" noWrap>
        {title}
      </Typography>
      <Box sx={{ flex: 1, display: "flex", justifyContent: "flex-end" }}>
        <Button type="submit" form="bot-form" variant="contained" loading={isBusy} disabled={!isReady}>
          {t(saveBot.name)}
        </Button>
      </Box>
    </HeaderLine>
  );
}

type TabsProps = { panels: readonly Panel[]; shown: Panel; onShow: (panel: Panel) => void };

function PanelTabs({ panels, shown, onShow }: TabsProps) {
  return (
    <Tabs
      value={shown}
      onChange={(_event, wanted: Panel) => onShow(wanted)}
      aria-label={t("bots.panels")}
      sx={{ flex: "none", borderBottom: 1, borderColor: "divider", px: { xs: 1, sm: 2 } }}
    >
      {panels.map((panel) => (
        <Tab key={panel} value={panel} label={t(NAMES[panel])} sx={{ minWidth: 0, px: 1.5 }} />
      ))}
    </Tabs>
  );
}

const scrolled = {
  flex: 1,
  minWidth: 0,
  overflowY: "auto",
  px: { xs: 2, sm: 3 },
  pt: 1,
  pb: 6,
} as const;

function side(isWide: boolean) {
  if (!isWide) return { flex: 1, minWidth: 0, flexDirection: "column" } as const;
  return {
    flex: "0 0 min(46%, 560px)",
    minWidth: 0,
    flexDirection: "column",
    borderInlineStart: 1,
    borderColor: "divider",
    bgcolor: "background.sidebar",
  } as const;
}

import MenuItem from "@mui/material/MenuItem";
import { useColorScheme } from "@mui/material/styles";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { isLocale, LOCALES } from "../i18n/locale";
import { type Key, t } from "../i18n/t";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { Section } from "./Section";

const MODES = {
  system: "appearance.system",
  light: "appearance.light",
  dark: "appearance.dark",
} as const satisfies Record<string, Key>;

type Mode = keyof typeof MODES;

export function AppearancePage() {
  return (
    <>
      <Section title={t("appearance.theme")} hint={t("appearance.themeHint")}>
        <ThemeChoice />
      </Section>
      <Section title={t("appearance.language")} hint={t("appearance.languageHint")}>
        <LanguageChoice />
      </Section>
    </>
  );
}

function ThemeChoice() {
  const { mode, setMode } = useColorScheme();
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={mode ?? "system"}
      aria-label={t("appearance.theme")}
      onChange={(_event, wanted: Mode | null) => wanted && setMode(wanted)}
    >
      {Object.entries(MODES).map(([name, label]) => (
        <ToggleButton key={name} value={name} sx={{ px: 2, textTransform: "none" }}>
          {t(label)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function LanguageChoice() {
  const parley = useParley();
  const locale = useObservable(parley.locale);
  const choose = (wanted: string) => {
    if (isLocale(wanted)) parley.chooseLocale(wanted).catch((problem: unknown) => parley.complain(problem));
  };
  return (
    <TextField
      select
      label={t("appearance.language")}
      value={locale}
      onChange={(event) => choose(event.target.value)}
      sx={{ maxWidth: 320 }}
    >
      {Object.entries(LOCALES).map(([name, label]) => (
        <MenuItem key={name} value={name} lang={name}>
          {label}
        </MenuItem>
      ))}
    </TextField>
  );
}

// The only place with colours, spaces, radii and type. Light and dark follow the system unless somebody chose.

import { createTheme } from "@mui/material/styles";

type CodeColours = { keyword: string; string: string; number: string; comment: string; name: string };

type AvatarColours = Record<
  "letter" | "teal" | "blue" | "violet" | "pink" | "red" | "orange" | "green" | "grey",
  string
>;

declare module "@mui/material/styles" {
  interface TypeBackground {
    sidebar: string;
    /** What a person said, and quiet cards. */
    bubble: string;
    code: string;
    hover: string;
    selected: string;
  }
  interface Palette {
    code: CodeColours;
    avatar: AvatarColours;
  }
  interface PaletteOptions {
    code?: CodeColours;
    avatar?: AvatarColours;
  }
}

export const layout = {
  sidebarWidth: 272,
  /** The longest line of an answer, with its margins. */
  columnWidth: 784,
  settingsWidth: 720,
  /** The list of its pages beside it. */
  settingsListWidth: 224,
  headerHeight: 56,
  composerMaxRows: 10,
} as const;

export const radius = { small: "6px", medium: "10px", large: "18px", pill: "999px" } as const;

export const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"';
export const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** Also for pages that leave the app. */
export const schemes = {
  light: {
    palette: {
      primary: { main: "#0d665c", contrastText: "#ffffff" },
      error: { main: "#b3261e" },
      warning: { main: "#8a5300" },
      success: { main: "#1d6b36" },
      info: { main: "#245d8c" },
      text: { primary: "#1d1f1e", secondary: "#5b615f" },
      divider: "#e2e5e3",
      background: {
        default: "#ffffff",
        paper: "#ffffff",
        sidebar: "#f5f7f6",
        bubble: "#eef2f0",
        code: "#f5f7f6",
        hover: "#e9edeb",
        selected: "#dfe8e5",
      },
      code: {
        keyword: "#a0206c",
        string: "#0f6a3b",
        number: "#97480b",
        comment: "#66706c",
        name: "#1d4fa3",
      },
      avatar: {
        letter: "#1d1f1e",
        teal: "#b5e4dc",
        blue: "#c4dcf5",
        violet: "#dcd2f5",
        pink: "#f5d0e4",
        red: "#f6cfca",
        orange: "#f7dbb5",
        green: "#c9e7c9",
        grey: "#dadfdc",
      },
    },
  },
  dark: {
    palette: {
      primary: { main: "#6fcfbf", contrastText: "#06231f" },
      error: { main: "#ff9d94" },
      warning: { main: "#f0bd6b" },
      success: { main: "#8bd6a0" },
      info: { main: "#93c5ee" },
      text: { primary: "#ecefed", secondary: "#a5aeaa" },
      divider: "#343a38",
      background: {
        default: "#1b1e1d",
        paper: "#242827",
        sidebar: "#141716",
        bubble: "#2a302e",
        code: "#141716",
        hover: "#262b29",
        selected: "#2d3835",
      },
      code: {
        keyword: "#f09ac7",
        string: "#8fd9a8",
        number: "#f2b384",
        comment: "#8d9893",
        name: "#9cc3f7",
      },
      avatar: {
        letter: "#ecefed",
        teal: "#1f5a52",
        blue: "#274e78",
        violet: "#4a3f7d",
        pink: "#74355a",
        red: "#7d342e",
        orange: "#74481a",
        green: "#2d5a33",
        grey: "#4a524f",
      },
    },
  },
} as const;

/** Light and dark, for languages read from the left or from the right. */
export const themeFor = (direction: "ltr" | "rtl") =>
  createTheme({
    direction,
    cssVariables: { colorSchemeSelector: "data-scheme" },
    colorSchemes: schemes,
    spacing: 8,
    shape: { borderRadius: 10 },
    typography: {
      fontFamily: sans,
      fontSize: 14,
      body1: { fontSize: "1rem", lineHeight: 1.65 },
      body2: { fontSize: "0.875rem", lineHeight: 1.5 },
      caption: { fontSize: "0.8125rem", lineHeight: 1.4 },
      h1: { fontSize: "1.5rem", fontWeight: 650, lineHeight: 1.3 },
      h2: { fontSize: "1.125rem", fontWeight: 650, lineHeight: 1.4 },
      h3: { fontSize: "1rem", fontWeight: 650, lineHeight: 1.4 },
      button: { textTransform: "none", fontWeight: 550 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: (styled) => ({
          "html, body, #root": { height: "100%" },
          body: { overflow: "hidden", overscrollBehavior: "none" },
          ":focus-visible": {
            outline: `2px solid ${styled.vars.palette.primary.main}`,
            outlineOffset: "2px",
          },
          // The frame around it shows the focus.
          "textarea:focus-visible, input:focus-visible": { outline: "none" },
          "*": { scrollbarWidth: "thin", scrollbarColor: `${styled.vars.palette.divider} transparent` },
          "@media (prefers-reduced-motion: reduce)": {
            "*": {
              animationDelay: "0s !important",
              animationDuration: "0.01ms !important",
              animationIterationCount: "1 !important",
              transitionDelay: "0s !important",
              transitionDuration: "0.01ms !important",
            },
          },
          "code, pre": { fontFamily: mono },
          ".hljs-keyword, .hljs-built_in, .hljs-selector-tag, .hljs-doctag, .hljs-meta .hljs-keyword": {
            color: styled.vars.palette.code.keyword,
          },
          ".hljs-string, .hljs-regexp, .hljs-addition, .hljs-template-variable": {
            color: styled.vars.palette.code.string,
          },
          ".hljs-number, .hljs-literal, .hljs-symbol, .hljs-bullet, .hljs-attr, .hljs-deletion": {
            color: styled.vars.palette.code.number,
          },
          ".hljs-comment, .hljs-quote, .hljs-meta": { color: styled.vars.palette.code.comment },
          ".hljs-title, .hljs-name, .hljs-type, .hljs-section, .hljs-selector-class, .hljs-selector-id": {
            color: styled.vars.palette.code.name,
          },
          ".hljs-emphasis": { fontStyle: "italic" },
          ".hljs-strong": { fontWeight: 650 },
        }),
      },
      MuiButtonBase: {
        defaultProps: { disableRipple: true },
        styleOverrides: {
          root: { fontFamily: "inherit", "&:focus-visible": { outline: "2px solid", outlineOffset: "2px" } },
        },
      },
      MuiInputBase: {
        styleOverrides: {
          input: ({ theme: styled }) => ({
            // What is typed reads from its own side: an English question in an Arabic app ends with its mark.
            unicodeBidi: "plaintext",
            "&::placeholder": { color: styled.vars.palette.text.secondary, opacity: 1 },
          }),
        },
      },
      MuiButton: { defaultProps: { disableElevation: true } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: "none" } } },
      MuiTextField: { defaultProps: { size: "small", fullWidth: true } },
      MuiIconButton: { defaultProps: { color: "inherit" } },
      MuiTooltip: {
        defaultProps: { enterDelay: 400, disableInteractive: true, disableTouchListener: true },
        styleOverrides: {
          tooltip: ({ theme: styled }) => ({
            backgroundColor: styled.vars.palette.text.primary,
            color: styled.vars.palette.background.default,
            fontSize: "0.8125rem",
          }),
        },
      },
      MuiMenu: {
        defaultProps: { slotProps: { list: { dense: true } } },
      },
      MuiDialogActions: { styleOverrides: { root: { padding: "0 24px 20px" } } },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: "1.125rem", fontWeight: 650 } } },
      MuiDialog: { defaultProps: { fullWidth: true, maxWidth: "xs" } },
    },
  });

/** For screen readers only. */
export const visuallyHidden = {
  position: "fixed",
  top: 0,
  left: 0,
  width: "1px",
  height: "1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
  whiteSpace: "nowrap",
} as const;

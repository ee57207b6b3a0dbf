import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { t } from "../i18n/t";
import { CopyIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { mono } from "../theme";

type Props = { text: string; label: string; link: string };

/** A link that is shown this once, to be copied and passed on. */
export function ShownLink({ text, label, link }: Props) {
  const parley = useParley();
  const copy = () => {
    parley.copy(link).then(
      () => parley.toast.set(t("announce.copied")),
      (problem: unknown) => parley.complain(problem),
    );
  };
  return (
    <Alert
      severity="success"
      variant="outlined"
      sx={{ mb: 2, "& .MuiAlert-message": { minWidth: 0, flex: 1 } }}
    >
      {text}
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, mt: 1 }}>
        <Box
          component="code"
          aria-label={label}
          dir="ltr"
          sx={{ flex: 1, fontFamily: mono, fontSize: "0.8125rem", overflowWrap: "anywhere" }}
        >
          {link}
        </Box>
        <IconButton size="small" aria-label={t("people.copyLink")} onClick={copy}>
          <CopyIcon />
        </IconButton>
      </Box>
    </Alert>
  );
}

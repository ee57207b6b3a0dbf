import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import { useQuery } from "@tanstack/react-query";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { useIsAdmin } from "../shell/me";
import { modelsQuery } from "./queries";

/** Only the guide is there: says so, and leads whoever may change it to where it is changed. */
export function ConnectHint() {
  const isAdmin = useIsAdmin();
  const models = useQuery(modelsQuery).data;
  if (!models || models.some((model) => !model.is_guide)) return null;
  const connect = (
    <Button
      variant="contained"
      sx={{ whiteSpace: "nowrap" }}
      onClick={() => go({ room: "settings", page: "models" })}
    >
      {t("connect.do")}
    </Button>
  );
  return (
    <Alert
      severity="info"
      variant="outlined"
      icon={false}
      action={isAdmin ? connect : undefined}
      sx={{ mt: 4, alignItems: "center", "& .MuiAlert-action": { pt: 0 } }}
    >
      {t(isAdmin ? "connect.hint" : "connect.askOwner")}
    </Alert>
  );
}

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import CircularProgress from "@mui/material/CircularProgress";
import type { ReactNode } from "react";
import { t } from "../i18n/t";

type Query<Data> = { data: Data | undefined; error: Error | null; refetch: () => Promise<unknown> };

/** What a query brought, or why it brought nothing. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Query<Data>;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (!query.error) {
    return (
      <Box sx={{ py: 3, display: "grid", placeItems: "center" }}>
        <CircularProgress size={28} aria-label={t("app.loading")} />
      </Box>
    );
  }
  const again = (
    <Button size="small" color="inherit" onClick={() => void query.refetch()}>
      {t("action.retry")}
    </Button>
  );
  return (
    <Alert severity="error" action={again}>
      {query.error.message}
    </Alert>
  );
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { configQuery, meQuery } from "../accounts/session";
import { t } from "../i18n/t";
import { go, useRoute } from "../routing/router";
import { Announcer } from "./Announcer";
import { Mishap } from "./Mishap";
import { MeContext } from "./me";
import { useParley } from "./parley";
import { Shell } from "./Shell";
import { Toast, UndoToast } from "./Toast";
import { Waiting } from "./Waiting";

const JoinPage = lazy(() => import("../accounts/JoinPage"));
const SharedRoom = lazy(() => import("../conversations/SharedRoom"));
const SignInPage = lazy(() => import("../accounts/SignInPage"));

export function App() {
  return (
    <>
      <Mishap>
        <Suspense fallback={<Waiting />}>
          <Door />
        </Suspense>
      </Mishap>
      <Announcer />
      <Toast />
      <UndoToast />
    </>
  );
}

/** What is shared, and an invitation, open for whoever has their address; everything else for whoever is signed in. */
function Door() {
  const route = useRoute();
  if (route.room === "join") return <JoinPage token={route.token} />;
  return route.room === "shared" ? <SharedRoom token={route.token} /> : <Entrance />;
}

function Entrance() {
  const parley = useParley();
  const { live, removals } = parley;
  const route = useRoute();
  const spoken = useQuery(configQuery).data?.locale;
  useEffect(() => {
    if (spoken !== undefined) void parley.followWorkspace(spoken);
  }, [spoken, parley]);
  const me = useQuery(meQuery);
  const user = me.data?.user.id;
  useEffect(() => {
    if (!user) return;
    void live.signedIn(user);
    void removals.finish();
  }, [user, live, removals]);
  const isAtTheDoor = Boolean(user) && route.room === "sign-in";
  useEffect(() => {
    if (isAtTheDoor) go({ room: "new" }, "replace");
  }, [isAtTheDoor]);

  if (me.data === undefined && me.error)
    return <Trouble problem={me.error} onRetry={() => void me.refetch()} />;
  if (me.data === undefined) return <Waiting />;
  if (me.data === null) return <SignInPage />;
  return (
    <MeContext value={me.data}>
      <Shell />
    </MeContext>
  );
}

function Trouble({ problem, onRetry }: { problem: Error; onRetry: () => void }) {
  return (
    <Box
      component="main"
      sx={{ height: "100%", display: "grid", placeContent: "center", justifyItems: "center", gap: 2, p: 3 }}
    >
      <Typography role="alert">{problem.message}</Typography>
      <Button variant="contained" onClick={onRetry}>
        {t("action.retry")}
      </Button>
    </Box>
  );
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { Problem } from "../api/problem";
import { BotAvatar } from "../bots/BotAvatar";
import { Bubble } from "../conversation/Bubble";
import { Parts } from "../conversation/Parts";
import { Sources } from "../conversation/Sources";
import { FilesAreOpen } from "../files/AttachedFile";
import { dayText } from "../i18n/format";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { useDocumentTitle } from "../shell/Header";
import { Waiting } from "../shell/Waiting";
import { layout } from "../theme";
import { sharedQuery } from "./queries";

/** What somebody has shared: to be read, by whoever has the link. */
export default function SharedRoom({ token }: { token: string }) {
  const shared = useQuery(sharedQuery(token));
  useDocumentTitle(shared.data?.title ?? "");
  if (shared.error) return <Nothing problem={shared.error} />;
  if (!shared.data) return <Waiting />;
  const { title, created_at, messages } = shared.data;
  return (
    <Box component="main" data-scroll sx={{ height: "100%", overflowY: "auto" }}>
      <Box sx={{ maxWidth: layout.columnWidth, mx: "auto", px: { xs: 2, sm: 3 }, py: 4 }}>
        <Typography variant="h1" dir="auto">
          {title || t("conversation.untitled")}
        </Typography>
        <Typography variant="body2" sx={{ color: "text.secondary", mb: 3 }}>
          {t("shared.asOf", { day: dayText(created_at) })}
        </Typography>
        {messages.map(({ id, role, parts, bot }) =>
          role === "user" ? (
            <Box component="article" key={id} aria-label={t("shared.question")} sx={{ py: 1.5 }}>
              <Bubble>
                <FilesAreOpen value={false}>
                  <Parts parts={parts} isWriting={false} isPlain />
                </FilesAreOpen>
              </Bubble>
            </Box>
          ) : (
            <Box component="article" key={id} aria-label={t("answer.label")} sx={{ py: 1.5 }}>
              <Box sx={{ display: "flex", alignItems: "center", gap: 1, mb: 0.75 }}>
                <BotAvatar face={bot} />
                <Typography variant="body2" sx={{ fontWeight: 650 }}>
                  {bot?.name ?? t("answer.unknownBot")}
                </Typography>
              </Box>
              <Parts parts={parts} isWriting={false} />
              <Sources parts={parts} />
            </Box>
          ),
        )}
      </Box>
    </Box>
  );
}

function Nothing({ problem }: { problem: Error }) {
  const isGone = problem instanceof Problem && problem.status === 404;
  return (
    <Box
      component="main"
      sx={{ height: "100%", display: "grid", placeContent: "center", justifyItems: "center", gap: 2, p: 3 }}
    >
      <Typography role="alert">{isGone ? t("shared.gone") : problem.message}</Typography>
      <Button variant="contained" onClick={() => go({ room: "new" })}>
        {t("app.name")}
      </Button>
    </Box>
  );
}

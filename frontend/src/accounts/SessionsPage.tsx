import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { useQuery } from "@tanstack/react-query";
import { endSignIn } from "../actions/account_actions";
import { useAction } from "../actions/useAction";
import type { SignIn } from "../api/types";
import { timeText } from "../i18n/format";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Row, Rows } from "../settings/Rows";
import { Section } from "../settings/Section";
import { sessionsQuery } from "./queries";

export function SessionsPage() {
  const sessions = useQuery(sessionsQuery);
  return (
    <Section title={t("sessions.title")} hint={t("sessions.hint")}>
      <Loaded query={sessions}>
        {(items) => (
          <Rows label={t("sessions.title")}>
            {items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

function SessionRow({ session }: { session: SignIn }) {
  const ending = useAction(endSignIn, { complains: true });
  return (
    <Row
      name={session.user_agent ? browserOf(session.user_agent) : t("sessions.unknown")}
      detail={t("sessions.since", { time: timeText(session.created_at) })}
    >
      {session.current ? (
        <Chip size="small" label={t("sessions.current")} />
      ) : (
        <Button size="small" color="error" loading={ending.isPending} onClick={() => ending.mutate(session)}>
          {t(endSignIn.name)}
        </Button>
      )}
    </Row>
  );
}

const BROWSERS = ["Edg", "OPR", "Firefox", "Chrome", "Safari"] as const;
const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"] as const;
const FULL_NAMES: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", "Mac OS": "macOS" };

/** "Firefox, Linux": enough to know one's own devices apart. What we cannot read is shown as it is. */
function browserOf(userAgent: string): string {
  const browser = BROWSERS.find((name) => userAgent.includes(`${name}/`));
  const system = SYSTEMS.find((name) => userAgent.includes(name));
  const known = [browser, system]
    .filter((name) => name !== undefined)
    .map((name) => FULL_NAMES[name] ?? name);
  return known.join(", ") || userAgent;
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Tooltip from "@mui/material/Tooltip";
import { type ReactNode, useRef } from "react";
import { t } from "../i18n/t";
import { AddIcon, CloseIcon, ImageIcon } from "../shell/icons";
import { useParley } from "../shell/parley";
import { mono, radius } from "../theme";
import type { CallFields, Change, Fields, MessageFields } from "./fields";
import { pictureOf } from "./pictures";
import type { PromptRole } from "./shapes";

/** `names`: of the models, by their place. */
type Props = { fields: Fields; names: readonly string[]; change: (change: Change) => void };

/** The prompt as the models get it: what the system says, then who said what. */
export function PromptEditor({ fields, names, change }: Props) {
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      <Card head={<Box sx={{ fontWeight: 550 }}>{t("playground.system")}</Box>}>
        <Words
          label={t("playground.system")}
          value={fields.system}
          placeholder={t("playground.systemHint")}
          onChange={(system) => change({ type: "set", change: { system } })}
        />
      </Card>
      {fields.messages.map((message, index) => (
        <MessageCard
          key={message.key}
          message={message}
          number={index + 1}
          isOnly={fields.messages.length === 1}
          hearer={message.only !== undefined && names.length > 1 ? names[message.only] : undefined}
          change={change}
        />
      ))}
      <Button
        size="small"
        color="inherit"
        startIcon={<AddIcon />}
        onClick={() => change({ type: "add" })}
        sx={{ justifySelf: "start" }}
      >
        {t("playground.addMessage")}
      </Button>
    </Box>
  );
}

type MessageProps = {
  message: MessageFields;
  number: number;
  isOnly: boolean;
  /** The one model that is told this; undefined where all are. */
  hearer: string | undefined;
  change: (change: Change) => void;
};

function MessageCard({ message, number, isOnly, hearer, change }: MessageProps) {
  const { key, role, text, images, calls = [] } = message;
  const write = (said: Partial<MessageFields>) => change({ type: "write", key, change: said });
  const chooseRole = (_event: unknown, wanted: PromptRole | null) =>
    wanted && write(wanted === "assistant" ? { role: wanted, images: [] } : { role: wanted, calls: [] });
  return (
    <Card
      head={
        <>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={role}
            onChange={chooseRole}
            aria-label={t("playground.roleOf", { number })}
          >
            {(["user", "assistant"] as const).map((name) => (
              <ToggleButton key={name} value={name} sx={{ px: 1.25, py: 0.25, textTransform: "none" }}>
                {t(`playground.${name}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <Box sx={{ ml: "auto", display: "flex" }}>
            {role === "user" && <AddImage onAdd={(url) => write({ images: [...images, url] })} />}
            {!isOnly && (
              <Tooltip title={t("playground.removeMessage", { number })}>
                <IconButton
                  size="small"
                  aria-label={t("playground.removeMessage", { number })}
                  onClick={() => change({ type: "remove", key })}
                >
                  <CloseIcon />
                </IconButton>
              </Tooltip>
            )}
          </Box>
        </>
      }
    >
      {hearer && (
        <Box sx={{ px: 1.25, pt: 0.25, fontSize: "0.8125rem", color: "text.secondary" }}>
          {t("playground.onlyTold", { name: hearer })}
        </Box>
      )}
      <Words
        label={t("playground.messageLabel", { number })}
        value={text}
        placeholder={t(role === "user" ? "playground.userHint" : "playground.assistantHint")}
        onChange={(said) => write({ text: said })}
      />
      <Images urls={images} onChange={(left) => write({ images: left })} />
      <Calls calls={calls} onChange={(answered) => write({ calls: answered })} />
    </Card>
  );
}

type CallsProps = { calls: readonly CallFields[]; onChange: (calls: CallFields[]) => void };

/** What the model called, and what the person says it gave. */
function Calls({ calls, onChange }: CallsProps) {
  return calls.map((call) => (
    <Box key={call.id} sx={{ borderTop: 1, borderColor: "divider", px: 1.25, py: 1 }}>
      <Box sx={{ fontFamily: mono, fontSize: "0.8125rem", overflowWrap: "anywhere", mb: 1 }} dir="ltr">
        {call.name}({call.arguments})
      </Box>
      <TextField
        multiline
        fullWidth
        size="small"
        maxRows={10}
        label={t("playground.resultOf", { name: call.name })}
        value={call.result}
        onChange={(event) =>
          onChange(calls.map((one) => (one.id === call.id ? { ...one, result: event.target.value } : one)))
        }
      />
    </Box>
  ));
}

function Card({ head, children }: { head: ReactNode; children: ReactNode }) {
  return (
    <Box
      sx={{
        border: 1,
        borderColor: "divider",
        borderRadius: radius.medium,
        bgcolor: "background.paper",
        "&:focus-within": { borderColor: "primary.main" },
      }}
    >
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          minHeight: 38,
          px: 1.25,
          pt: 0.5,
          fontSize: "0.8125rem",
        }}
      >
        {head}
      </Box>
      {children}
    </Box>
  );
}

type WordsProps = { label: string; value: string; placeholder: string; onChange: (text: string) => void };

function Words({ label, value, placeholder, onChange }: WordsProps) {
  return (
    <InputBase
      multiline
      fullWidth
      minRows={2}
      maxRows={14}
      value={value}
      placeholder={placeholder}
      onChange={(event) => onChange(event.target.value)}
      // What stands in an empty field is the page's, not the person's.
      inputProps={{ "aria-label": label, dir: value ? "auto" : undefined }}
      sx={{ px: 1.25, pt: 0.5, pb: 1, fontSize: "0.9375rem", lineHeight: 1.55 }}
    />
  );
}

function AddImage({ onAdd }: { onAdd: (url: string) => void }) {
  const parley = useParley();
  const field = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (!file) return;
    pictureOf(file).then(onAdd, () => parley.toast.set(t("playground.noImage", { name: file.name })));
  };
  return (
    <>
      <Tooltip title={t("playground.addImage")}>
        <IconButton size="small" aria-label={t("playground.addImage")} onClick={() => field.current?.click()}>
          <ImageIcon />
        </IconButton>
      </Tooltip>
      <input
        ref={field}
        type="file"
        hidden
        accept="image/png,image/jpeg,image/webp,image/gif"
        aria-label={t("playground.addImage")}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function Images({ urls, onChange }: { urls: readonly string[]; onChange: (urls: string[]) => void }) {
  if (urls.length === 0) return null;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, px: 1.25, pb: 1.25 }}>
      {urls.map((url, place) => (
        // Two pictures may be the same; their places are not.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Box key={place} sx={{ position: "relative" }}>
          <Box
            component="img"
            src={url}
            alt={t("answer.image")}
            sx={{ width: 64, height: 64, objectFit: "cover", display: "block", borderRadius: radius.small }}
          />
          <IconButton
            size="small"
            aria-label={t("playground.removeImage")}
            onClick={() => onChange(urls.filter((_, at) => at !== place))}
            sx={{
              position: "absolute",
              insetBlockStart: -8,
              insetInlineEnd: -8,
              p: 0.25,
              bgcolor: "background.paper",
              border: 1,
              borderColor: "divider",
              "&:hover": { bgcolor: "background.hover" },
            }}
          >
            <CloseIcon sx={{ fontSize: 14 }} />
          </IconButton>
        </Box>
      ))}
    </Box>
  );
}

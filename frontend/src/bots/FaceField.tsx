import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import ButtonBase from "@mui/material/ButtonBase";
import FormHelperText from "@mui/material/FormHelperText";
import TextField from "@mui/material/TextField";
import { useRef } from "react";
import { addPicture } from "../actions/editor_actions";
import { useAction } from "../actions/useAction";
import type { Key } from "../i18n/t";
import { t } from "../i18n/t";
import { DoneIcon } from "../shell/icons";
import { radius } from "../theme";
import { BotAvatar } from "./BotAvatar";
import { COLOURS, type Colour, colourOf } from "./colours";
import { type FormProps, saidOf } from "./form";

/** Letters or an emoji on a colour, or a picture. */
export function FaceField({ fields, change, problem }: FormProps) {
  const input = useRef<HTMLInputElement>(null);
  const uploading = useAction(addPicture, { onDone: (picture) => change({ picture }) });
  const said = uploading.error?.message ?? saidOf(problem, "picture");
  return (
    <Box sx={{ display: "flex", gap: 2, alignItems: "flex-start", flexWrap: "wrap" }}>
      <BotAvatar face={fields} size="large" isOwn />
      <Box sx={{ flex: "1 1 280px", minWidth: 0, display: "grid", gap: 1.5 }}>
        <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap", alignItems: "flex-start" }}>
          <TextField
            label={t("bots.avatar")}
            value={fields.avatar}
            onChange={(event) => change({ avatar: event.target.value })}
            error={saidOf(problem, "avatar") !== undefined}
            helperText={saidOf(problem, "avatar")}
            slotProps={{ htmlInput: { maxLength: 16 } }}
            sx={{ width: 150 }}
          />
          <input
            ref={input}
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif"
            hidden
            data-picture
            aria-label={t("bots.picture")}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              if (file) uploading.mutate(file);
            }}
          />
          <Button
            color="inherit"
            loading={uploading.isPending}
            onClick={() => input.current?.click()}
            sx={{ height: 40 }}
          >
            {t(addPicture.name)}
          </Button>
          {fields.picture && (
            <Button color="inherit" onClick={() => change({ picture: null })} sx={{ height: 40 }}>
              {t("bots.removePicture")}
            </Button>
          )}
        </Box>
        {said && <FormHelperText error>{said}</FormHelperText>}
        <Colours value={fields.colour} onChange={(colour) => change({ colour })} />
      </Box>
    </Box>
  );
}

const NAMES: Readonly<Record<Colour | "", Key>> = {
  "": "colour.none",
  teal: "colour.teal",
  blue: "colour.blue",
  violet: "colour.violet",
  pink: "colour.pink",
  red: "colour.red",
  orange: "colour.orange",
  green: "colour.green",
  grey: "colour.grey",
};

function Colours({ value, onChange }: { value: string; onChange: (colour: string) => void }) {
  return (
    <Box
      role="group"
      aria-label={t("bots.colour")}
      sx={{ display: "flex", gap: { xs: 0.5, sm: 0.75 }, flexWrap: "wrap" }}
    >
      {(["", ...COLOURS] as const).map((colour) => (
        <ButtonBase
          key={colour}
          aria-label={t(NAMES[colour])}
          aria-pressed={value === colour}
          onClick={() => onChange(colour)}
          sx={{
            width: 28,
            height: 28,
            borderRadius: radius.pill,
            border: 1,
            borderColor: value === colour ? "text.primary" : "divider",
            ...colourOf(colour),
          }}
        >
          {value === colour && <DoneIcon sx={{ fontSize: "1rem" }} />}
        </ButtonBase>
      ))}
    </Box>
  );
}

import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { useRef } from "react";
import { t } from "../i18n/t";
import { AttachIcon } from "../shell/icons";
import type { Attach } from "./useAttach";

export function AttachButton({ onFiles }: { onFiles: Attach }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Box sx={{ flex: "none" }}>
      <Tooltip title={t("files.attach")}>
        <IconButton
          sx={{ width: 36, height: 36 }}
          aria-label={t("files.attach")}
          onClick={() => input.current?.click()}
        >
          <AttachIcon />
          <input
            ref={input}
            type="file"
            multiple
            hidden
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
            onChange={({ target }) => {
              onFiles([...(target.files ?? [])]);
              target.value = ""; // the same file may be chosen again
            }}
          />
        </IconButton>
      </Tooltip>
    </Box>
  );
}

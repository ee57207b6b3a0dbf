import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import type { FilePart } from "../api/types";
import { t } from "../i18n/t";
import { CloseIcon } from "../shell/icons";
import { FileLine } from "./FileLine";

type Props = { files: readonly FilePart[]; onRemove: (gone: FilePart) => void };

/** The files of a message that is being edited: they go along with the new wording unless they are taken off. */
export function KeptFiles({ files, onRemove }: Props) {
  if (!files.length) return null;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mb: 1 }}>
      {files.map((part) => (
        <FileLine key={part.file} part={part}>
          <IconButton
            size="small"
            aria-label={t("files.remove", { name: part.name })}
            onClick={() => onRemove(part)}
          >
            <CloseIcon fontSize="inherit" />
          </IconButton>
        </FileLine>
      ))}
    </Box>
  );
}

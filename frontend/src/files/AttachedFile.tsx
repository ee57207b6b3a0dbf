import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { createContext, useContext, useState } from "react";
import type { FilePart } from "../api/types";
import { t } from "../i18n/t";
import { UPLOAD } from "../realtime/outbox_store";
import { useParley } from "../shell/parley";
import { radius } from "../theme";
import { FileLine } from "./FileLine";
import { useAttachments } from "./useAttachments";

/** False where somebody reads who may not have the files themselves: a shared picture of a conversation. */
export const FilesAreOpen = createContext(true);

/** A file of a message: a picture to look at, or a name to save it by. */
export function AttachedFile({ part }: { part: FilePart }) {
  const isOpen = useContext(FilesAreOpen);
  if (!isOpen) return <FileLine part={part} />;
  return part.file.startsWith(UPLOAD) ? <OnItsWay part={part} /> : <Stored part={part} />;
}

function Stored({ part }: { part: FilePart }) {
  const address = `/api/v1/files/${part.file}`;
  if (part.kind === "image") return <Picture address={address} part={part} />;
  return (
    <Box
      component="a"
      href={address}
      download={part.name}
      title={t("files.save", { name: part.name })}
      sx={{ color: "inherit", textDecoration: "none", display: "block", maxWidth: "100%" }}
    >
      <FileLine part={part} />
    </Box>
  );
}

function OnItsWay({ part }: { part: FilePart }) {
  const preview = useAttachments().preview(part.file.slice(UPLOAD.length));
  return part.kind === "image" && preview ? (
    <Picture address={preview} part={part} />
  ) : (
    <FileLine part={part} />
  );
}

function Picture({ address, part }: { address: string; part: FilePart }) {
  const { dialog } = useParley();
  const [isLost, setLost] = useState(false);
  if (isLost) return <FileLine part={part} isLost />;
  return (
    <ButtonBase
      aria-label={t("files.look", { name: part.name })}
      onClick={() => dialog.set({ type: "picture", address, name: part.name })}
      sx={{ display: "block", my: 0.5, borderRadius: radius.medium, overflow: "hidden" }}
    >
      <Box
        component="img"
        src={address}
        alt={part.name}
        loading="lazy"
        onError={() => setLost(true)}
        sx={{
          display: "block",
          width: { xs: 200, sm: 260 },
          height: { xs: 140, sm: 180 },
          objectFit: "cover",
          bgcolor: "background.selected",
        }}
      />
    </ButtonBase>
  );
}

import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import { CloseIcon, DownloadIcon } from "../shell/icons";

type Props = { address: string; name: string; onClose: () => void };

/** One picture, as large as the window lets it be. */
export default function PictureDialog({ address, name, onClose }: Props) {
  return (
    <Dialog open onClose={onClose} maxWidth="lg" aria-label={name}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1, px: 2, py: 1 }}>
        <Typography variant="body2" noWrap dir="auto" sx={{ flex: 1 }}>
          {name}
        </Typography>
        <Tooltip title={t("files.save", { name })}>
          <IconButton component="a" href={address} download={name} aria-label={t("files.save", { name })}>
            <DownloadIcon />
          </IconButton>
        </Tooltip>
        <IconButton aria-label={t("action.close")} onClick={onClose} autoFocus>
          <CloseIcon />
        </IconButton>
      </Box>
      <Box
        component="img"
        src={address}
        alt={name}
        sx={{
          display: "block",
          maxWidth: "100%",
          maxHeight: "calc(100dvh - 140px)",
          objectFit: "contain",
          mx: "auto",
        }}
      />
    </Dialog>
  );
}

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useState } from "react";
import { AccountMenu } from "../accounts/AccountMenu";
import { ActionButton } from "../actions/ActionButton";
import { performAction } from "../actions/action";
import { newChat, temporaryChat, toggleSidebar } from "../actions/app_actions";
import { t } from "../i18n/t";
import { useParley } from "../shell/parley";
import { ConversationList } from "./ConversationList";
import { SearchBox } from "./SearchBox";
import { SearchResults } from "./SearchResults";
import { Shelves } from "./Shelves";
import { useSettled } from "./useSettled";

const SEARCH_AFTER_MS = 250;

export function Sidebar() {
  const parley = useParley();
  const [words, setWords] = useState("");
  const settledWords = useSettled(words.trim(), SEARCH_AFTER_MS);
  return (
    <Box
      sx={{
        height: "100%",
        display: "flex",
        flexDirection: "column",
        bgcolor: "background.sidebar",
        borderRight: 1,
        borderColor: "divider",
      }}
    >
      <Box sx={{ p: 1.5, pb: 1, display: "grid", gap: 1 }}>
        <Box sx={{ display: "flex", gap: 0.5, alignItems: "center" }}>
          <Button
            fullWidth
            variant="outlined"
            color="inherit"
            startIcon={<newChat.icon />}
            onClick={() => void performAction(newChat, parley, null)}
            sx={{
              justifyContent: "flex-start",
              borderColor: "divider",
              bgcolor: "background.paper",
              height: 40,
            }}
          >
            {t(newChat.name)}
          </Button>
          <ActionButton action={temporaryChat} target={null} />
          <Box sx={{ display: { xs: "none", md: "inline-flex" } }}>
            <ActionButton action={toggleSidebar} target={null} />
          </Box>
        </Box>
        <SearchBox label={t("search.label")} words={words} onChange={setWords} />
      </Box>
      <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto", px: 1 }}>
        {!settledWords && <Shelves />}
        {settledWords ? <SearchResults words={settledWords} isNarrow /> : <ConversationList />}
      </Box>
      <AccountMenu />
    </Box>
  );
}

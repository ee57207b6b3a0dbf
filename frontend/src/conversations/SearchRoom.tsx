import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { HeaderLine, useDocumentTitle } from "../shell/Header";
import { layout } from "../theme";
import { SearchBox } from "./SearchBox";
import { SearchResults } from "./SearchResults";
import { useSettled } from "./useSettled";

const SEARCH_AFTER_MS = 250;

/** Search with room to read. Its words are the address. */
export default function SearchRoom({ words }: { words: string }) {
  useDocumentTitle(t("search.label"));
  const settled = useSettled(words.trim(), SEARCH_AFTER_MS);
  return (
    <>
      <HeaderLine>
        <Typography variant="h2" component="h1">
          {t("search.label")}
        </Typography>
      </HeaderLine>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        <Box
          sx={{
            maxWidth: layout.columnWidth,
            mx: "auto",
            px: { xs: 2, sm: 3 },
            py: 2,
            display: "grid",
            gap: 2,
          }}
        >
          <SearchBox
            label={t("search.page")}
            words={words}
            onChange={(changed) => go({ room: "search", words: changed }, "replace")}
          />
          {settled && <SearchResults words={settled} />}
        </Box>
      </Box>
    </>
  );
}

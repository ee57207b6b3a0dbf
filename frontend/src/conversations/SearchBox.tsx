import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "../i18n/t";
import { go } from "../routing/router";
import { CloseIcon, SearchIcon } from "../shell/icons";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { radius } from "../theme";

type Props = { label: string; words: string; onChange: (words: string) => void };

export function SearchBox({ label, words, onChange }: Props) {
  const { focusWish, isDrawerOpen } = useParley();
  const wish = useObservable(focusWish);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wish !== "search") return;
    field.current?.focus();
    focusWish.set(null);
  }, [wish, focusWish]);
  const listen = (event: KeyboardEvent) => {
    if (event.key === "Escape") onChange("");
    else if (event.key !== "Enter" || !words.trim()) return;
    else {
      isDrawerOpen.set(false);
      go({ room: "search", words: words.trim() });
    }
    event.preventDefault();
  };
  return (
    <Box
      role="search"
      aria-label={label}
      sx={{
        display: "flex",
        alignItems: "center",
        height: 40,
        pl: 1.25,
        pr: 0.5,
        gap: 1,
        color: "text.secondary",
        borderRadius: radius.medium,
        border: 1,
        borderColor: "transparent",
        bgcolor: "background.hover",
        "&:focus-within": { borderColor: "primary.main" },
      }}
    >
      <SearchIcon />
      <InputBase
        fullWidth
        inputRef={field}
        value={words}
        placeholder={t("search.placeholder")}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={listen}
        inputProps={{ "aria-label": label, type: "text", enterKeyHint: "search" }}
        sx={{ fontSize: "0.875rem" }}
      />
      {words && (
        <IconButton size="small" aria-label={t("search.clear")} onClick={() => onChange("")}>
          <CloseIcon />
        </IconButton>
      )}
    </Box>
  );
}

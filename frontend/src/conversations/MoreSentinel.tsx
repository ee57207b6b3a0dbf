import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect, useRef } from "react";
import { t } from "../i18n/t";

type Paged = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
};

/** The end of a list that goes on: asks for the next page when it comes into sight. */
export function MoreSentinel({ query }: { query: Paged }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const end = useRef<HTMLDivElement>(null);
  const isWaiting = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (!isWaiting || !end.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void fetchNextPage();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isWaiting, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <Box
      ref={end}
      component="li"
      sx={{ minHeight: 32, display: "grid", placeItems: "center", listStyle: "none" }}
    >
      {isFetchNextPageError && (
        <Button size="small" onClick={() => void fetchNextPage()}>
          {t("list.retry")}
        </Button>
      )}
    </Box>
  );
}

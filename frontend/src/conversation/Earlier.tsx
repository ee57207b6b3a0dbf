import Box from "@mui/material/Box";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import type { Message } from "../api/types";

/** What is drawn above and below what is in sight. */
const OVERSCAN = 4;
const SHORTEST_PX = 72;
const LINE_PX = 26;
const LINE_CHARACTERS = 90;

type Props = {
  messages: readonly Message[];
  frame: RefObject<HTMLDivElement | null>;
  draw: (message: Message, place: number) => ReactNode;
  /** The place to go to, or -1. */
  goTo: number;
  onGo: () => void;
};

/** The older messages of a conversation, of which only those in sight are drawn, however many there are. */
export function Earlier(props: Props) {
  // Where there are none, nothing listens to the scrolling that an answer brings about as it grows.
  return props.messages.length > 0 && <Rows {...props} />;
}

function Rows({ messages, frame, draw, goTo, onGo }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => frame.current,
    getItemKey: (index) => messages[index]?.id ?? index,
    estimateSize: (index) => likelyHeight(messages[index]),
    overscan: OVERSCAN,
    scrollMargin: place.current?.offsetTop ?? 16,
    // The reader is at the end: what is far above is not drawn even for the first picture.
    initialOffset: Number.MAX_SAFE_INTEGER,
  });
  useEffect(() => {
    if (goTo < 0) return;
    onGo();
    rows.scrollToIndex(goTo, { align: "start" });
  }, [goTo, onGo, rows]);
  const shown = rows.getVirtualItems();
  const first = shown[0];
  return (
    <Box ref={place} sx={{ position: "relative" }} style={{ height: rows.getTotalSize() }}>
      <Box
        sx={{ position: "absolute", insetInline: 0, top: 0 }}
        style={{ transform: `translateY(${(first?.start ?? 0) - rows.options.scrollMargin}px)` }}
      >
        {shown.map(({ index, key }) => {
          const message = messages[index];
          return (
            <div key={key} data-index={index} ref={rows.measureElement}>
              {message && draw(message, index)}
            </div>
          );
        })}
      </Box>
    </Box>
  );
}

/** A guess that is near enough for the scroll bar; what comes into sight is measured. */
function likelyHeight(message: Message | undefined): number {
  let lines = 1;
  for (const part of message?.parts ?? []) {
    if (part.type === "text")
      lines += part.text.length / LINE_CHARACTERS + (part.text.match(/\n/g)?.length ?? 0) / 2;
  }
  return SHORTEST_PX + lines * LINE_PX;
}

import { useCallback, useEffect, useRef, useState } from "react";

/** Nearer to the end than this counts as being there. */
const NEAR_PX = 48;

/** Stays at the end while the content grows, until the person scrolls away from it. */
export function usePinnedScroll() {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [isPinned, setPinned] = useState(true);

  const pin = useCallback((wanted: boolean) => {
    pinned.current = wanted;
    setPinned(wanted);
  }, []);

  const toEnd = useCallback(() => {
    const element = frame.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    if (!content.current || !frame.current) return;
    const observer = new ResizeObserver(() => {
      if (pinned.current) toEnd();
    });
    observer.observe(content.current);
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [toEnd]);

  const lastTop = useRef(0);
  const onScroll = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    // Growing content moves the end away without anybody scrolling: only a move upwards lets go.
    if (isNearEnd) pin(true);
    else if (element.scrollTop < lastTop.current) pin(false);
    lastTop.current = element.scrollTop;
  }, [pin]);

  const toNewest = useCallback(() => {
    pin(true);
    toEnd();
  }, [pin, toEnd]);

  const unpin = useCallback(() => pin(false), [pin]);

  return { frame, content, isPinned, onScroll, toNewest, unpin };
}

import { useCallback, useEffect, useRef, useState } from "react";

/** Nearer to the end than this counts as being there. */
const NEAR_PX = 48;
/** A scroll so soon after a wheel, a touch, a key or a change of focus is the person's; any other is the content's, which grows and shrinks. */
const ACTING_MS = 600;

/** Stays at the end while the content grows, until the person scrolls away from it. */
export function usePinnedScroll() {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const lastTop = useRef(0);
  const actingUntil = useRef(0);
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

  const onScroll = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    const top = element.scrollTop;
    const isUpwards = top < lastTop.current;
    lastTop.current = top;
    // The usual case while an answer grows: nothing more need be measured.
    if (pinned.current && !isUpwards) return;
    const isNearEnd = element.scrollHeight - top - element.clientHeight < NEAR_PX;
    if (isNearEnd) pin(true);
    else if (isUpwards && performance.now() < actingUntil.current) pin(false);
  }, [pin]);

  const onAct = useCallback(() => {
    actingUntil.current = performance.now() + ACTING_MS;
  }, []);

  const toNewest = useCallback(() => {
    pin(true);
    toEnd();
  }, [pin, toEnd]);

  const unpin = useCallback(() => pin(false), [pin]);

  // The focus, too: it brings what it goes to into sight, such as the field of a question that is edited.
  const acts = { onWheel: onAct, onTouchMove: onAct, onPointerDown: onAct, onKeyDown: onAct, onFocus: onAct };
  const listeners = { onScroll, ...acts };
  return { frame, content, isPinned, listeners, toNewest, unpin };
}

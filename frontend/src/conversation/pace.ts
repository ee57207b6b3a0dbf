// How often what grows is drawn: as often as the machine can without being felt, whatever comes in meanwhile.

/** A hidden tab gets no animation frames; it is kept up to date at this pace. */
const HIDDEN_MS = 500;
/** Drawing may take a fifteenth of the time, so that a token costs less than a millisecond at 100 of them a second … */
const REST_FACTOR = 14;
/** … but on a slow machine, too, words come several times a second. */
const LONGEST_REST_MS = 250;

export type Pace = { ask: () => void; drawn: () => void; cancel: () => void };

/**
 * Calls `draw` when there is something new (`ask`): at most once a frame, and not before what it led to was `drawn` and
 * painted. It asks for no frame of its own to begin in, since each makes the browser go over the whole page, and what is
 * drawn in pieces is not ready in it anyway.
 */
export function paced(draw: () => void): Pace {
  let startedAt = 0;
  let restUntil = 0;
  let isDrawing = false;
  let isWanted = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(waiting);
    clearTimeout(hidden);
    waiting = hidden = undefined;
  };
  const end = (costMs: number) => {
    if (!isDrawing) return;
    isDrawing = false;
    clearTimeout(hidden);
    restUntil = performance.now() + Math.min(costMs * REST_FACTOR, LONGEST_REST_MS);
    if (isWanted) ask();
  };
  const drawn = () => {
    const costMs = performance.now() - startedAt;
    // Of a long paragraph most of the work is the browser's, which lays it out and paints it only now.
    if (isDrawing) whenPainted((paintMs) => end(costMs + paintMs));
  };
  const drawNow = () => {
    cancel();
    isDrawing = true;
    isWanted = false;
    startedAt = performance.now();
    // Where nothing came of it, or nobody looks, no frame says so.
    hidden = setTimeout(() => end(0), HIDDEN_MS);
    draw();
  };
  const ask = () => {
    isWanted = true;
    if (isDrawing || waiting) return;
    // Also after the rest a task of its own: what comes in at one stroke is drawn as one.
    waiting = setTimeout(drawNow, Math.max(0, restUntil - performance.now()));
  };
  return { ask, drawn, cancel };
}

/** Tells how long the next frame took to lay out and to paint: until the task that comes after it. */
function whenPainted(then: (tookMs: number) => void): void {
  requestAnimationFrame((began) => {
    setTimeout(() => then(Math.max(0, performance.now() - began)));
  });
}

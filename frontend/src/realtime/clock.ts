/** Time and chance, passed in so that tests own both. */
export type Clock = {
  now(): number;
  /** Calls `action` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** 0 ≤ n < 1 */
  random(): number;
};

export const wallClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

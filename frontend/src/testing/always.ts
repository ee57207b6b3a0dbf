import fc from "fast-check";

/** The same cases each time, so that a gate does not hang on luck; `VITE_SEED=… npm test` tries others. */
const SEED = Number(import.meta.env.VITE_SEED ?? 7);

/** Fails with the smallest case for which `property` does not hold, of `runs` cases. */
export function always<Values>(property: fc.IRawProperty<Values>, runs = 100): void {
  fc.assert(property, { numRuns: runs, seed: SEED });
}

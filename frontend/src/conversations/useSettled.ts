import { useEffect, useState } from "react";

/** The value, once it has not changed for so long. An empty one counts at once. */
export function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value ? afterMs : 0);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}

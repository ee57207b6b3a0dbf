// Mathematics. KaTeX is a chunk of its own: who never sees a formula never loads it.

import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";

type Draw = typeof import("./katex").drawFormula;

let drawNow: Draw | null = null;

export const Tex = memo(function Tex({ tex, isBlock = false }: { tex: string; isBlock?: boolean }) {
  const [draw, setDraw] = useState(() => drawNow);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (draw) return;
    let isGone = false;
    import("./katex").then(
      ({ drawFormula }) => {
        drawNow = drawFormula;
        if (!isGone) setDraw(() => drawFormula);
      },
      // Without it the source is still there to be read.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [draw]);
  // With the words around it: afterwards it would cost the browser one more frame.
  useLayoutEffect(() => {
    if (draw && place.current) draw(place.current, tex, isBlock);
  }, [draw, tex, isBlock]);
  const Place = isBlock ? "div" : "span";
  return (
    <Place
      ref={place as React.RefObject<HTMLDivElement & HTMLSpanElement>}
      className={isBlock ? "tex" : undefined}
      dir="ltr"
    >
      {/* KaTeX puts its own elements here, so React must not: the key makes a new place for the source. */}
      {draw ? null : <span className="tex-source">{tex}</span>}
    </Place>
  );
});

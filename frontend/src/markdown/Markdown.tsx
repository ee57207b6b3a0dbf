// The one place where Markdown becomes elements, for answers, sources and greetings alike. There is no way from the text
// to an element that the two tables below do not name, and none to an attribute that they do not set.

import Box from "@mui/material/Box";
import { createContext, memo, useContext, useMemo, useState } from "react";
import { t } from "../i18n/t";
import { drawBlocks } from "./blocks";
import { CitedContext, type Passage } from "./cited";
import type { FootnoteDefinition } from "./grammar";
import { prose } from "./prose";
import { Reader } from "./reader";
import { Stretch, stretchesOf } from "./stretch";

export { rehearse } from "./rehearsal";

type Props = {
  text: string;
  /** More text may follow. */
  isWriting?: boolean;
  /** The passages that `[1]` in the text refers to. */
  passages?: ReadonlyMap<number, Passage>;
};

const NO_PASSAGES: ReadonlyMap<number, Passage> = new Map();

const TextContext = createContext<Props>({ text: "" });

const Markdown = memo(function Markdown(props: Props) {
  return <TextContext value={props}>{FRAME}</TextContext>;
});

function Written() {
  const { text, isWriting = false, passages = NO_PASSAGES } = useContext(TextContext);
  const [reader] = useState(() => new Reader());
  const { blocks, footnotes, links } = reader.read(text, isWriting);
  const stretches = stretchesOf(blocks);
  // Where it was there from the beginning, it is measured as a whole by the list that it stands in.
  const [isLive] = useState(isWriting);
  const cited = useMemo(
    () => ({ passages, footnotes, links, draw: drawBlocks }),
    [passages, footnotes, links],
  );
  return (
    <CitedContext value={cited}>
      {stretches.map(({ start, nodes }) => (
        <Stretch
          key={start}
          nodes={nodes}
          isOpen={isWriting && start + nodes.length === blocks.length}
          isSkipped={isLive && start + nodes.length < blocks.length}
        />
      ))}
      {footnotes.size > 0 && !isWriting && <Notes notes={[...footnotes.values()]} />}
    </CitedContext>
  );
}

/** One element for every text: its many rules are not gone over anew for each word that comes. */
const FRAME = (
  <Box sx={prose} dir="auto">
    <Written />
  </Box>
);

export default Markdown;

function Notes({ notes }: { notes: readonly FootnoteDefinition[] }) {
  return (
    <section className="notes" aria-label={t("markdown.footnotes")}>
      <ol>
        {notes.map((note) => (
          <li key={note.identifier}>{drawBlocks(note.children)}</li>
        ))}
      </ol>
    </section>
  );
}

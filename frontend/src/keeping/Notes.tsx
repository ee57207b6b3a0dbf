import Box from "@mui/material/Box";
import { type Key, t } from "../i18n/t";
import type { ImportItem, NoteCode } from "./queries";

const WORDS: Readonly<Record<NoteCode, Key>> = {
  images_left_out: "import.note.images_left_out",
  files_left_out: "import.note.files_left_out",
  audio_left_out: "import.note.audio_left_out",
  instructions_left_out: "import.note.instructions_left_out",
  unknown_content: "import.note.unknown_content",
  unknown_role: "import.note.unknown_role",
  unreachable: "import.note.unreachable",
  unanswered: "import.note.unanswered",
  no_times: "import.note.no_times",
  unreadable: "import.note.unreadable",
};

/** What was not understood of one conversation, each in a line. */
export function Notes({ notes }: { notes: ImportItem["notes"] }) {
  if (notes.length === 0) return null;
  return (
    <Box component="ul" sx={{ m: 0, mt: 0.25, p: 0, listStyle: "none", fontSize: "0.8125rem" }}>
      {notes.map(({ code, detail, count }) => (
        <Box
          component="li"
          key={`${code} ${detail}`}
          sx={{ color: "warning.main", overflowWrap: "anywhere" }}
        >
          {t(WORDS[code], { detail, count })}
        </Box>
      ))}
    </Box>
  );
}

import type { Id } from "../api/types";
import { EditorRoom } from "./EditorRoom";
import { Gallery } from "./Gallery";

export default function BotsRoom({ bot }: { bot: Id | "new" | null }) {
  return bot === null ? <Gallery /> : <EditorRoom key={bot} bot={bot} />;
}

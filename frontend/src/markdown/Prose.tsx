import Box from "@mui/material/Box";
import { Component, lazy, type ReactNode, Suspense } from "react";
import type { Passage } from "./cited";

const load = () => import("./Markdown");
const Markdown = lazy(load);

/** So that the first answer need wait neither for it nor for what it does when it first runs. */
export function preloadMarkdown(): void {
  // A failure shows itself where the chunk is needed.
  load()
    .then(({ rehearse }) => rehearse())
    .catch(() => undefined);
}

type Props = { text: string; isWriting?: boolean; passages?: ReadonlyMap<number, Passage> };

/** Markdown, and the bare text until its chunk has come, or if it never comes. */
export function Prose(props: Props) {
  const plain = <Box sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{props.text}</Box>;
  return (
    <OrElse instead={plain}>
      <Suspense fallback={plain}>
        <Markdown {...props} />
      </Suspense>
    </OrElse>
  );
}

class OrElse extends Component<{ instead: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}

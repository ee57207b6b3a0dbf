import { useSyncExternalStore } from "react";
import type { SocketState } from "../realtime/socket";
import { useParley } from "./parley";

export function useSocketState(): SocketState {
  const { live } = useParley();
  return useSyncExternalStore(
    (reader) => live.subscribe(reader),
    () => live.socket.state,
  );
}

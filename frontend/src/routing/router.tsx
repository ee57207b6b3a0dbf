// Where we are. Six addresses need no library: the browser's own history is the state.

import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";
import { addressOf, type Route, routeOf } from "./routes";

const readers = new Set<() => void>();

function tellAll(): void {
  for (const tell of readers) tell();
}

function subscribe(reader: () => void): () => void {
  if (readers.size === 0) window.addEventListener("popstate", tellAll);
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0) window.removeEventListener("popstate", tellAll);
  };
}

let known = { address: "", route: { room: "new" } as Route };

/** The same object as long as the address is the same. */
export function currentRoute(): Route {
  const { pathname, search } = window.location;
  const address = pathname + search;
  if (address !== known.address) known = { address, route: routeOf(pathname, search) };
  return known.route;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, currentRoute);
}

export function go(route: Route, how: "push" | "replace" = "push"): void {
  const address = addressOf(route);
  if (how === "replace") window.history.replaceState(null, "", address);
  else if (address !== window.location.pathname + window.location.search) {
    window.history.pushState(null, "", address);
  }
  tellAll();
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { to: Route };

/** A real link, so that a middle click opens a tab; a plain click stays in the app. */
export function RouteLink({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || !isPlain) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={addressOf(to)} onClick={follow} />;
}

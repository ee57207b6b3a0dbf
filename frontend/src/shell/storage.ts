// localStorage, where there is one: some private windows have none, and a full one throws.

export function recall(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Whether it was kept. An empty text is forgotten. */
export function keep(name: string, text: string): boolean {
  try {
    if (text) window.localStorage.setItem(name, text);
    else window.localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

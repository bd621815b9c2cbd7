import { useSyncExternalStore } from "react";

export type Appearance = "light" | "dark";

const KEPT = "gongche.appearance";
const listeners = new Set<() => void>();
let shown: Appearance = "light";

function remembered(): Appearance {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept === "light" || kept === "dark") return kept;
  } catch {
    // Storage is refused in some web views.
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function show(next: Appearance): void {
  shown = next;
  document.documentElement.dataset.theme = next;
  for (const listener of listeners) listener();
}

/** Show the console as this browser remembers it, else as the system prefers. */
export function startAppearance(): void {
  show(remembered());
}

/** Light or dark from now on, remembered in this browser. */
export function setAppearance(next: Appearance): void {
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // Not remembered, still shown.
  }
  show(next);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useAppearance = (): Appearance => useSyncExternalStore(subscribe, () => shown);

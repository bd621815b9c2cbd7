import { useEffect } from "react";
import { isTyping } from "../console/Keys";

/** Whether a key event is for the page: nobody types, and no control wants the key itself. */
function isForPage(event: KeyboardEvent): boolean {
  if (event.repeat || event.altKey || isTyping(event)) return false;
  if (event.key !== "Enter") return true;
  const own = (event.target as HTMLElement).closest("button, a, summary");
  return !own || own.classList.contains("queue-row");
}

/** Calls `act` for key presses of the page that `matches`; null does nothing. */
export function useKey(
  matches: (event: KeyboardEvent) => boolean,
  act: ((event: KeyboardEvent) => void) | null,
): void {
  useEffect(() => {
    if (!act) return;
    function pressed(event: KeyboardEvent) {
      if (!matches(event) || !isForPage(event)) return;
      event.preventDefault();
      act?.(event);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [matches, act]);
}

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey;

export const isEnter = (event: KeyboardEvent): boolean => event.key === "Enter" && plain(event);

/** `Z`, or what undoes elsewhere: Ctrl Z, ⌘ Z. */
export const isUndo = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === "z" && !event.shiftKey;

/** `N`: the nearest vehicles to the map's centre. */
export const isNearest = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === "n" && plain(event);

/** `2` to `9`: the candidates after the first. */
export const isRank = (event: KeyboardEvent): boolean => /^[2-9]$/.test(event.key) && plain(event);

/**
 * Whether somebody is at the page. What it asks by itself must not keep a session from being idle,
 * so it says so to the server; the phone's pages rest when the screen is off and never watch.
 */

/** The request header that says so; the server takes it as a reason to end a session, never more. */
export const BACKGROUND = "Gongche-Background";

const ATTENDED_MS = 60_000;
const INPUTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let lastInput = Number.POSITIVE_INFINITY;

/** Watch for input from now on; opening the page was the first. */
export function watchInput(target: EventTarget, now: () => number = Date.now): void {
  const note = () => {
    lastInput = now();
  };
  note();
  for (const name of INPUTS) target.addEventListener(name, note, { capture: true, passive: true });
}

/** Whether there was input within the last minute; always where nobody watches. */
export const isAttended = (now: number = Date.now()): boolean => now - lastInput < ATTENDED_MS;

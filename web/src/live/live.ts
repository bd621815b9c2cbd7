import { useEffect, useState, useSyncExternalStore } from "react";
import { LiveStore } from "./store";

/** The session's one live store. */
export const live = new LiveStore();

/** Re-render on every change of the store; returns its version. */
export const useLiveVersion = (): number => useSyncExternalStore(live.subscribe, live.getVersion);

/** An instant that advances every `step_ms`, so that ages grow while nothing arrives. */
export function useTick(step_ms: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), step_ms);
    return () => clearInterval(timer);
  }, [step_ms]);
  return now;
}

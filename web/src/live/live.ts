import { useEffect, useState } from "react";
import { LiveStore } from "./store";

/** The session's one live store. */
export const live = new LiveStore();

const CALM_MS = 1_000;

/**
 * Re-render when the store has changed, at most once a second: the map follows at once by itself,
 * and a list that changes more often can't be read. Returns the version shown.
 */
export function useLiveVersion(): number {
  const [version, setVersion] = useState(live.version);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion(live.version);
      }, CALM_MS);
    };
    setVersion(live.version);
    const stop = live.subscribe(changed);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return version;
}

/** An instant that advances every `step_ms`, so that ages grow while nothing arrives. */
export function useTick(step_ms: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), step_ms);
    return () => clearInterval(timer);
  }, [step_ms]);
  return now;
}

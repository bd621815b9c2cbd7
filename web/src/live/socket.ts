import type { LiveMessage } from "./messages";
import type { LiveStore } from "./store";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** The server speaks at least every 5 s; after three silences the link is taken for dead. */
const SILENCE_MS = 15_000;
const LOGGED_OUT = 4401;
/** The person may see nothing any more, or the page is not ours. */
const FORBIDDEN = 4403;
/** The bus is away (RFC 6455: try again later). */
const TRY_AGAIN_LATER = 1013;

/** The wait before attempt `n` (0, 1, …): doubling, capped, with `chance` in 0..1 spreading it. */
export function backOff_ms(n: number, chance: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** n);
  return wait * (0.5 + chance / 2);
}

/**
 * Keep the store fed from `/ws/live` until the returned function is called.
 *
 * A missing sequence number, a silence or a lost link all end the same way: a new link, whose
 * first message is a whole snapshot. `onEnded`: the log-in, or the right to look, is over.
 */
export function followLive(store: LiveStore, onEnded: () => void): () => void {
  let socket: WebSocket | null = null;
  let failures = 0;
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function heard(): void {
    clearTimeout(silence);
    silence = setTimeout(() => socket?.close(), SILENCE_MS);
  }

  function connect(): void {
    if (stopped) return;
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const link = new WebSocket(`${scheme}://${location.host}/ws/live`);
    socket = link;
    heard();
    link.onmessage = (event: MessageEvent<string>) => {
      heard();
      const message = JSON.parse(event.data) as LiveMessage;
      if (!store.receive(message, Date.now())) return link.close();
      if (message.type === "snapshot") {
        failures = 0;
        store.setLink("open");
      }
    };
    link.onclose = (event) => {
      if (socket !== link || stopped) return;
      clearTimeout(silence);
      if (event.code === LOGGED_OUT || event.code === FORBIDDEN) return onEnded();
      store.setLink(event.code === TRY_AGAIN_LATER ? "away" : "lost");
      retry = setTimeout(connect, backOff_ms(failures, Math.random()));
      failures += 1;
    };
  }

  /** A tab that wakes, or a network that returns, does not wait for the next attempt. */
  function wake(): void {
    if (document.visibilityState !== "visible") return;
    if (store.link === "lost" || store.link === "away") connect();
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  connect();
  return () => {
    stopped = true;
    clearTimeout(retry);
    clearTimeout(silence);
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    socket?.close();
  };
}

import { useSyncExternalStore } from "react";
import { Problem, write } from "../api/client";
import type { Order } from "../api/types";
import type { Tap } from "./driving";

const KEPT = "gongche.outbox";
const RETRY_MS = 5_000;

/** A tap that the server did not take, and its reason. */
export interface Refusal {
  tap: Tap;
  problem: Problem;
}

type Deliver = (tap: Tap) => Promise<Order | undefined>;

const post: Deliver = ({ order_id, action, ...body }) =>
  write<Order>(`/orders/${order_id}/${action}`, body);

/**
 * Taps on their way, oldest first, kept across reloads. One is sent at a time; without a network
 * all wait. A refusal ends a tap: sent again after a lost answer, it is refused as already done.
 */
export class Outbox {
  taps: readonly Tap[] = recall();
  refusal: Refusal | null = null;

  /** Told of the order as the server has it now, before the tap leaves the box. */
  onDelivered: (order: Order) => void = () => undefined;

  #sending = false;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deliver: Deliver = post) {}

  put(tap: Tap): Promise<void> {
    this.refusal = null;
    this.#keep([...this.taps, tap]);
    return this.flush();
  }

  /** Send what can be sent; ends when the box is empty or nobody answers. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    try {
      for (let tap = this.taps[0]; tap; tap = this.taps[0]) {
        if (!(await this.#send(tap))) {
          // What waits for the network tells what happened, whatever others change meanwhile.
          this.#keep([{ ...tap, revision: null }, ...this.taps.slice(1)]);
          this.#timer = setTimeout(() => void this.flush(), RETRY_MS);
          return;
        }
        this.#keep(this.taps.slice(1));
      }
    } finally {
      this.#sending = false;
    }
  }

  /** True when the server has spoken about the tap, one way or the other. */
  async #send(tap: Tap): Promise<boolean> {
    try {
      const order = await this.deliver(tap);
      if (order) this.onDelivered(order);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 0 || error.status >= 500) return false;
      if (error.status === 401 || error.status === 429) return false;
      this.refusal = { tap, problem: error };
      return true;
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #keep(taps: readonly Tap[]): void {
    this.taps = taps;
    remember(taps);
    for (const listener of this.#listeners) listener();
  }
}

function recall(): readonly Tap[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]") as Tap[];
  } catch {
    return [];
  }
}

function remember(taps: readonly Tap[]): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(taps));
  } catch {
    // Kept in memory only: the page says that they are not delivered.
  }
}

export const outbox = new Outbox();

export const useTaps = (): readonly Tap[] =>
  useSyncExternalStore(outbox.subscribe, () => outbox.taps);

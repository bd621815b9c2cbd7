import type { LiveVehicle } from "../api/types";
import type { LiveMessage } from "./messages";

/** `away`: the server itself is behind and sends everybody off for a while. */
export type Link = "connecting" | "open" | "lost" | "away";

/**
 * The newest position of every vehicle in scope, kept outside React.
 *
 * `mercator` holds x and y (0..1, web mercator) of the vehicle at the same index of `vehicles`,
 * so that the map can hand it to the graphics card without walking objects. Both change in
 * place; `version` says that they did.
 */
export class LiveStore {
  vehicles: LiveVehicle[] = [];
  mercator = new Float64Array(0);
  version = 0;
  link: Link = "connecting";
  behind_s = 0;
  /** The server's instant of the newest message, ms since the epoch; null before the first. */
  at_ms: number | null = null;

  #seq: number | null = null;
  #index = new Map<string, number>();
  #clockOffset_ms = 0;
  #listeners = new Set<() => void>();

  /** Take one message in. Returns false when one is missing: the snapshot must be fetched anew. */
  receive(message: LiveMessage, now_ms: number): boolean {
    switch (message.type) {
      case "snapshot":
        this.#replace(message.vehicles);
        return this.#heard(message.seq, message.at, now_ms);
      case "update":
        if (this.#seq === null || message.seq !== this.#seq + 1) return false;
        for (const vehicle of message.vehicles) this.#put(vehicle);
        for (const id of message.gone) this.#drop(id);
        return this.#heard(message.seq, message.at, now_ms);
      case "behind":
        this.behind_s = message.seconds;
        this.#changed();
        return true;
      case "alive":
        return true;
    }
  }

  setLink(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    if (link !== "open") this.#seq = null;
    this.#changed();
  }

  /** Forget everybody, at log-out. */
  clear(): void {
    this.#replace([]);
    this.#seq = null;
    this.at_ms = null;
    this.behind_s = 0;
    this.link = "connecting";
    this.#changed();
  }

  get(id: string): LiveVehicle | undefined {
    const index = this.#index.get(id);
    return index === undefined ? undefined : this.vehicles[index];
  }

  /** The server's clock at this browser's instant `now_ms`. */
  serverNow(now_ms: number): number {
    return now_ms + this.#clockOffset_ms;
  }

  /** The age of a vehicle's last fix in seconds, by the server's clock. */
  age_s(vehicle: LiveVehicle, now_ms: number): number {
    return Math.max(0, (this.serverNow(now_ms) - Date.parse(vehicle.time)) / 1000);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #heard(seq: number, at: string, now_ms: number): true {
    this.#seq = seq;
    this.at_ms = Date.parse(at);
    this.#clockOffset_ms = this.at_ms - now_ms;
    this.behind_s = 0;
    this.#changed();
    return true;
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }

  #replace(vehicles: LiveVehicle[]): void {
    this.vehicles = [];
    this.#index.clear();
    for (const vehicle of vehicles) this.#put(vehicle);
  }

  #put(vehicle: LiveVehicle): void {
    const known = this.#index.get(vehicle.id);
    // A late position never moves a vehicle back.
    const before = known === undefined ? undefined : this.vehicles[known];
    if (before && Date.parse(before.time) > Date.parse(vehicle.time)) return;
    const index = known ?? this.vehicles.length;
    this.#index.set(vehicle.id, index);
    this.vehicles[index] = vehicle;
    this.#grow(index + 1);
    this.mercator[2 * index] = mercatorX(vehicle.longitude);
    this.mercator[2 * index + 1] = mercatorY(vehicle.latitude);
  }

  #drop(id: string): void {
    const index = this.#index.get(id);
    if (index === undefined) return;
    this.#index.delete(id);
    const last = this.vehicles.pop();
    if (!last || last.id === id) return;
    this.vehicles[index] = last;
    this.#index.set(last.id, index);
    const from = 2 * this.vehicles.length;
    this.mercator.copyWithin(2 * index, from, from + 2);
  }

  #grow(count: number): void {
    if (this.mercator.length >= 2 * count) return;
    const larger = new Float64Array(Math.max(256, 4 * count));
    larger.set(this.mercator);
    this.mercator = larger;
  }
}

/** Web mercator, 0 at 180° W. */
export const mercatorX = (longitude: number): number => (longitude + 180) / 360;

/** Web mercator, 0 at about 85° N, growing southwards. */
export function mercatorY(latitude: number): number {
  const sin = Math.sin((latitude * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

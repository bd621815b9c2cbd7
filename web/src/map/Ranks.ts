import { type Map as MapLibre, Marker } from "maplibre-gl";
import type { LiveStore } from "../live/store";
import type { Asked } from "./places";

/** A vehicle with its rank, and where it was when it was ranked. */
export interface Ranked extends Asked {
  id: string;
  rank: number;
}

/** Numbers beside the nearest vehicles, and a pin at the place that was asked about. */
export class Ranks {
  #pin: Marker;
  #markers = new Map<string, Marker>();
  #ranked: readonly Ranked[] = [];
  #stopFollowing: () => void;

  constructor(
    private readonly map: MapLibre,
    private readonly store: LiveStore,
    place: Asked,
  ) {
    this.#pin = new Marker({ element: element("asked-pin", "") })
      .setLngLat([place.longitude, place.latitude])
      .addTo(map);
    this.#stopFollowing = store.subscribe(() => this.#move());
  }

  show(ranked: readonly Ranked[]): void {
    for (const marker of this.#markers.values()) marker.remove();
    this.#markers.clear();
    this.#ranked = ranked;
    for (const { id, rank } of ranked) {
      const label = element(rank === 1 ? "rank-mark first" : "rank-mark", String(rank));
      this.#markers.set(id, new Marker({ element: label, offset: [0, -20] }));
    }
    this.#move();
    // Vehicles that stand on one place hide each other: the best one is added last.
    for (const marker of [...this.#markers.values()].reverse()) marker.addTo(this.map);
  }

  remove(): void {
    this.#stopFollowing();
    this.#pin.remove();
    for (const marker of this.#markers.values()) marker.remove();
  }

  #move(): void {
    for (const ranked of this.#ranked) {
      const { longitude, latitude } = this.store.get(ranked.id) ?? ranked;
      this.#markers.get(ranked.id)?.setLngLat([longitude, latitude]);
    }
  }
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement("div");
  made.className = name;
  made.textContent = text;
  // The panel says the same in words.
  made.setAttribute("aria-hidden", "true");
  return made;
}

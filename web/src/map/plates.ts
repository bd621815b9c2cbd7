import type { Map as MapLibre } from "maplibre-gl";
import type { LiveStore } from "../live/store";
import { withoutOverlap } from "./picking";

const FROM_ZOOM = 13;
const MOST = 80;
const LABEL = { width: 76, height: 20 };

/** Plates beside the vehicles in view, from close by; plain elements over the map's canvas. */
export class Plates {
  #box = document.createElement("div");
  #labels: HTMLDivElement[] = [];
  #redraw = () => this.draw();
  #stopFollowing: () => void;

  constructor(
    private readonly map: MapLibre,
    private readonly store: LiveStore,
  ) {
    this.#box.className = "plates";
    this.#box.setAttribute("aria-hidden", "true");
    map.getCanvasContainer().append(this.#box);
    map.on("move", this.#redraw);
    this.#stopFollowing = store.subscribe(this.#redraw);
    this.draw();
  }

  remove(): void {
    this.map.off("move", this.#redraw);
    this.#stopFollowing();
    this.#box.remove();
  }

  draw(): void {
    const shown = this.map.getZoom() < FROM_ZOOM ? [] : this.#inView();
    shown.forEach(({ plate, x, y }, i) => {
      const label = this.#label(i);
      if (label.textContent !== plate) label.textContent = plate;
      label.style.transform = `translate(${Math.round(x) + 12}px, ${Math.round(y) - 9}px)`;
      label.hidden = false;
    });
    for (const label of this.#labels.slice(shown.length)) label.hidden = true;
  }

  #inView(): { plate: string; x: number; y: number }[] {
    const bounds = this.map.getBounds();
    const near = this.store.vehicles.filter((v) => bounds.contains([v.longitude, v.latitude]));
    const placed = near.slice(0, 4 * MOST).map((v) => {
      const { x, y } = this.map.project([v.longitude, v.latitude]);
      return { plate: v.plate, x, y };
    });
    return withoutOverlap(placed, LABEL)
      .slice(0, MOST)
      .flatMap((i) => placed[i] ?? []);
  }

  #label(i: number): HTMLDivElement {
    const known = this.#labels[i];
    if (known) return known;
    const label = document.createElement("div");
    this.#labels[i] = label;
    this.#box.append(label);
    return label;
  }
}

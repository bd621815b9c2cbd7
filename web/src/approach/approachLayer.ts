import { type GeoJSONSource, type Map as MapLibre, Marker } from "maplibre-gl";
import type { Approach } from "../api/types";

const ROUTE = "approach-route";
const LAYERS = [
  { id: `${ROUTE}-casing`, paint: { "line-color": "#ffffff", "line-width": 8 } },
  { id: ROUTE, paint: { "line-color": "#1a5fb4", "line-width": 4.5 } },
];
const GLIDE_MS = 1_200;
const ARROW =
  '<svg viewBox="-12 -12 24 24" width="34" height="34"><path d="M0-10 8 8 0 4-8 8Z" fill="#1a5fb4" stroke="#fff" stroke-width="2"/></svg>';
const DOT =
  '<svg viewBox="-12 -12 24 24" width="28" height="28"><circle r="7" fill="#1a5fb4" stroke="#fff" stroke-width="3"/></svg>';
const PIN =
  '<svg viewBox="0 0 24 34" width="26" height="36"><path d="M12 33C7 24 2 18 2 12a10 10 0 0 1 20 0c0 6-5 12-10 21Z" fill="#c64600" stroke="#fff" stroke-width="2"/><circle cx="12" cy="12" r="4" fill="#fff"/></svg>';

type At = [number, number];

/** Draws an approach on a borrowed map, and takes all of it away again. */
export class ApproachLayer {
  #vehicle: Marker;
  #pickUp: Marker;
  #approach: Approach | null = null;
  #following = true;
  #frame = 0;
  #strayed: (event: { originalEvent?: unknown }) => void;

  constructor(
    private readonly map: MapLibre,
    onStray: () => void,
  ) {
    this.#vehicle = new Marker({ element: picture(DOT), rotationAlignment: "map" });
    this.#pickUp = new Marker({ element: picture(PIN), anchor: "bottom" });
    this.#strayed = ({ originalEvent }) => {
      // A person moved the map: the view is theirs until they ask for ours.
      if (!originalEvent) return;
      this.#following = false;
      onStray();
    };
    map.on("movestart", this.#strayed);
    map.addSource(ROUTE, { type: "geojson", data: line([]) });
    for (const layer of LAYERS) {
      map.addLayer({
        ...layer,
        type: "line",
        source: ROUTE,
        layout: { "line-cap": "round", "line-join": "round" },
      });
    }
  }

  show(approach: Approach): void {
    const { position, pick_up, arrival } = approach;
    const first = this.#approach === null;
    this.#approach = approach;
    this.#pickUp.setLngLat([pick_up.longitude, pick_up.latitude]).addTo(this.map);
    this.map.getSource<GeoJSONSource>(ROUTE)?.setData(line(arrival?.route ?? []));
    if (!position) return;
    const known = position.course_deg !== null;
    this.#vehicle.getElement().innerHTML = known ? ARROW : DOT;
    this.#vehicle.getElement().style.opacity = position.stale ? "0.5" : "1";
    this.#vehicle.setRotation(position.course_deg ?? 0);
    this.#glide([position.longitude, position.latitude], first);
    if (this.#following) this.#fit(first);
  }

  /** Show vehicle and pick-up again, and from now on. */
  follow(): void {
    this.#following = true;
    this.#fit(false);
  }

  remove(): void {
    cancelAnimationFrame(this.#frame);
    this.map.off("movestart", this.#strayed);
    this.#vehicle.remove();
    this.#pickUp.remove();
    for (const { id } of LAYERS) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource(ROUTE)) this.map.removeSource(ROUTE);
  }

  /** Move the vehicle on smoothly, for whoever doesn't mind motion. */
  #glide(to: At, first: boolean): void {
    cancelAnimationFrame(this.#frame);
    if (first || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#vehicle.setLngLat(to).addTo(this.map);
      return;
    }
    const from = this.#vehicle.getLngLat();
    const began = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, (now - began) / GLIDE_MS);
      const along = (start: number, end: number) => start + (end - start) * part;
      this.#vehicle.setLngLat([along(from.lng, to[0]), along(from.lat, to[1])]);
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #fit(first: boolean): void {
    const { position, pick_up } = this.#approach ?? {};
    if (!position || !pick_up) return;
    const longitudes = [position.longitude, pick_up.longitude];
    const latitudes = [position.latitude, pick_up.latitude];
    this.map.fitBounds(
      [
        Math.min(...longitudes),
        Math.min(...latitudes),
        Math.max(...longitudes),
        Math.max(...latitudes),
      ],
      { padding: { top: 52, bottom: 34, left: 48, right: 48 }, maxZoom: 16.5, animate: !first },
    );
  }
}

function picture(svg: string): HTMLElement {
  const element = document.createElement("div");
  element.innerHTML = svg;
  element.style.lineHeight = "0";
  return element;
}

function line(coordinates: At[]) {
  return {
    type: "Feature" as const,
    properties: {},
    geometry: { type: "LineString" as const, coordinates },
  };
}

import { addProtocol, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import "maplibre-gl/dist/maplibre-gl.css";
import { onDrop } from "./drop";
import { MANIFEST_URL, styleOf } from "./style";

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

interface Manifest {
  bounds: Bounds;
  attribution: string;
  notice: string;
}

/** The session's map: the element that pages move into themselves, and what it shows. */
export interface TheMap {
  element: HTMLElement;
  map: MapLibre;
  manifest: Manifest | null;
}

let made: Promise<TheMap> | null = null;

onDrop(() => void dropMap());

/**
 * One map for the whole session: pages borrow its element, because every new WebGL context may
 * cost an old one. Rejects where the browser has no WebGL 2.
 */
export function theMap(): Promise<TheMap> {
  made ??= make().catch((error: unknown) => {
    made = null;
    throw error;
  });
  return made;
}

/** Take the map down, at log-out: the next person may see another one. */
export async function dropMap(): Promise<void> {
  const old = made;
  made = null;
  (await old?.catch(() => null))?.map.remove();
}

async function readManifest(): Promise<Manifest | null> {
  try {
    const answer = await fetch(MANIFEST_URL, { credentials: "same-origin" });
    return answer.ok ? ((await answer.json()) as Manifest) : null;
  } catch {
    return null;
  }
}

async function make(): Promise<TheMap> {
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("no WebGL 2");
  setWorkerUrl(workerUrl);
  addProtocol("pmtiles", new Protocol().tile);
  const manifest = await readManifest();
  const element = document.createElement("div");
  element.className = "the-map";
  const map = new MapLibre({
    container: element,
    style: styleOf(manifest !== null),
    center: [120, 30],
    zoom: 11,
    attributionControl: false,
    localIdeographFontFamily: "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif",
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxZoom: 18.5,
  });
  map.touchZoomRotate.disableRotation();
  // Browser tests and pictures wait for this mark: everything in view is drawn.
  map.on("idle", () => element.toggleAttribute("data-drawn", true));
  map.on("movestart", () => element.toggleAttribute("data-drawn", false));
  // The list beside the map is its equivalent; the canvas itself says nothing to a reader.
  map.getCanvas().setAttribute("aria-hidden", "true");
  map.getCanvas().tabIndex = -1;
  if (manifest) {
    const { west, south, east, north } = manifest.bounds;
    map.fitBounds([west, south, east, north], { animate: false, padding: 20 });
  }
  await new Promise<void>((resolve) => map.once("style.load", () => resolve()));
  return { element, map, manifest };
}

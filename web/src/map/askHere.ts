import type { Map as MapLibre, MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import type { Asked } from "./places";

const LONG_PRESS_MS = 600;

/** Calls `ask` with the place of a right click, or of a finger that stays; returns the end of it. */
export function askHere(map: MapLibre, ask: (place: Asked) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = ({ lngLat }: { lngLat: { lat: number; lng: number } }) =>
    ask({ latitude: lngLat.lat, longitude: lngLat.lng });
  const clicked = (event: MapMouseEvent) => {
    event.preventDefault();
    tell(event);
  };
  const pressed = (event: MapTouchEvent) => {
    clearTimeout(timer);
    if (event.points.length === 1) timer = setTimeout(() => tell(event), LONG_PRESS_MS);
  };
  const lifted = () => clearTimeout(timer);
  map.on("contextmenu", clicked);
  map.on("touchstart", pressed);
  for (const kind of ["touchend", "touchmove", "touchcancel"] as const) map.on(kind, lifted);
  return () => {
    lifted();
    map.off("contextmenu", clicked);
    map.off("touchstart", pressed);
    for (const kind of ["touchend", "touchmove", "touchcancel"] as const) map.off(kind, lifted);
  };
}

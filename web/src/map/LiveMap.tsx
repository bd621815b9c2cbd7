import { AimOutlined, CarOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import type { Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { useT } from "../i18n/console/words";
import { live } from "../live/live";
import { isNearest, useKey } from "../requests/useKey";
import { askHere } from "./askHere";
import { MapNotice } from "./MapNotice";
import { nearestWithin } from "./picking";
import type { Asked } from "./places";
import { Plates } from "./plates";
import { type Ranked, Ranks } from "./Ranks";
import { useTheMap } from "./useTheMap";
import { VehicleLayer } from "./vehicleLayer";

const REACH_PX = 16;

interface Props {
  picked: string;
  /** A vehicle chosen in the list: the map goes there. `n` tells two equal choices apart. */
  wanted: { id: string; n: number } | null;
  onPick: (id: string) => void;
  now_ms: number;
  /** The place whose nearest vehicles are shown, and those. */
  asked: Asked | null;
  ranked: readonly Ranked[];
  /** Called with a place that was right-clicked or pressed long; null where nobody may ask. */
  onAsk: ((place: Asked) => void) | null;
}

/** The vehicles on the session's map: owns their layer and labels, and takes both away again. */
export function LiveMap({ picked, wanted, onPick, now_ms, asked, ranked, onAsk }: Props) {
  const t = useT();
  const place = useRef<HTMLDivElement>(null);
  const { borrowed, failed } = useTheMap(place);
  const layer = useRef<VehicleLayer | null>(null);
  const map = borrowed?.map ?? null;

  useEffect(() => {
    if (!map) return;
    const vehicles = new VehicleLayer(live);
    map.addLayer(vehicles);
    const plates = new Plates(map, live);
    layer.current = vehicles;
    const stopFitting = fitOnce(map);
    return () => {
      stopFitting();
      plates.remove();
      if (map.getLayer(vehicles.id)) map.removeLayer(vehicles.id);
      layer.current = null;
    };
  }, [map]);

  useEffect(() => {
    if (!map) return;
    const clicked = (event: MapMouseEvent) => onPick(vehicleAt(map, event.point));
    map.on("click", clicked);
    return () => {
      map.off("click", clicked);
    };
  }, [map, onPick]);

  useEffect(() => (map && onAsk ? askHere(map, onAsk) : undefined), [map, onAsk]);

  const ranks = useRef<Ranks | null>(null);
  useEffect(() => {
    if (!map || !asked) return;
    const drawn = new Ranks(map, live, asked);
    ranks.current = drawn;
    return () => {
      ranks.current = null;
      drawn.remove();
    };
  }, [map, asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place has new numbers
  useEffect(() => ranks.current?.show(ranked), [map, asked, ranked]);

  function askCentre() {
    const centre = map?.getCenter();
    if (centre) onAsk?.({ latitude: centre.lat, longitude: centre.lng });
  }
  useKey(isNearest, map && onAsk ? askCentre : null);

  // `map` is named because the layer is a new one after every borrowing.
  useEffect(() => {
    if (map) layer.current?.pick(picked || null);
  }, [map, picked]);

  useEffect(() => {
    if (map) layer.current?.refresh(Math.max(now_ms, Date.now()));
  }, [map, now_ms]);

  useEffect(() => {
    const vehicle = wanted && live.get(wanted.id);
    if (!map || !vehicle) return;
    const zoom = Math.max(map.getZoom(), 14.5);
    map.easeTo({ center: [vehicle.longitude, vehicle.latitude], zoom, duration: 400 });
  }, [map, wanted]);

  return (
    <>
      <div ref={place} className="map-place" />
      {failed && <p className="map-failed">{t("live.noWebgl")}</p>}
      {borrowed && (
        <>
          <div className="map-tools">
            <button type="button" aria-label={t("live.zoomIn")} onClick={() => map?.zoomIn()}>
              <PlusOutlined />
            </button>
            <button type="button" aria-label={t("live.zoomOut")} onClick={() => map?.zoomOut()}>
              <MinusOutlined />
            </button>
            <button type="button" aria-label={t("live.fit")} onClick={() => map && fitAll(map)}>
              <AimOutlined />
            </button>
            {onAsk && (
              <button
                type="button"
                title={`${t("nearest.here")} (N)`}
                aria-label={t("nearest.here")}
                onClick={askCentre}
              >
                <CarOutlined />
              </button>
            )}
          </div>
          <MapNotice manifest={borrowed.manifest} />
        </>
      )}
    </>
  );
}

/** The id of the vehicle under a point of the canvas, "" for none. */
function vehicleAt(map: MapLibre, at: { x: number; y: number }): string {
  const reach = REACH_PX * 2;
  const corner = (dx: number, dy: number) => map.unproject([at.x + dx, at.y + dy]);
  const [nw, se] = [corner(-reach, -reach), corner(reach, reach)];
  const near = live.vehicles.filter(
    (v) =>
      v.longitude >= nw.lng &&
      v.longitude <= se.lng &&
      v.latitude <= nw.lat &&
      v.latitude >= se.lat,
  );
  const points = near.map((v) => map.project([v.longitude, v.latitude]));
  return near[nearestWithin(points, at, REACH_PX)]?.id ?? "";
}

function fitAll(map: MapLibre): void {
  const { vehicles } = live;
  if (vehicles.length === 0) return;
  const longitudes = vehicles.map((v) => v.longitude);
  const latitudes = vehicles.map((v) => v.latitude);
  map.fitBounds(
    [
      Math.min(...longitudes),
      Math.min(...latitudes),
      Math.max(...longitudes),
      Math.max(...latitudes),
    ],
    { padding: 60, maxZoom: 15, animate: false },
  );
}

const fitted = new WeakSet<MapLibre>();

/** Show everybody when the first snapshot arrives; later the view belongs to the person. */
function fitOnce(map: MapLibre): () => void {
  const tryToFit = () => {
    if (fitted.has(map) || live.vehicles.length === 0) return;
    fitted.add(map);
    fitAll(map);
  };
  tryToFit();
  return live.subscribe(tryToFit);
}

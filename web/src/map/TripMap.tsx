import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "react";
import type { Trip } from "../api/types";
import { useT } from "../i18n/console/words";
import { MapNotice } from "./MapNotice";
import { useTheMap } from "./useTheMap";
import "./map.css";

const TRACK = "track";
const ENDS = "track-ends";

/** A trip's track on the session's map; takes its source and layers away when it leaves. */
export default function TripMap({ trip }: { trip: Trip }) {
  const t = useT();
  const place = useRef<HTMLDivElement>(null);
  const { borrowed, failed } = useTheMap(place);
  useEffect(() => {
    if (!borrowed) return;
    return drawTrack(borrowed.map, trip);
  }, [borrowed, trip]);
  return (
    <div className="trip-map">
      <div ref={place} className="map-place" />
      {failed && <p className="map-failed">{t("live.noWebgl")}</p>}
      {borrowed && <MapNotice manifest={borrowed.manifest} />}
    </div>
  );
}

function drawTrack(map: MapLibre, trip: Trip): () => void {
  const coordinates = trip.track?.coordinates ?? [];
  const ends = [coordinates[0], coordinates[coordinates.length - 1]].filter(
    (at) => at !== undefined,
  );
  map.addSource(TRACK, {
    type: "geojson",
    data: {
      type: "FeatureCollection",
      features: [
        { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } },
        ...ends.map((at, i) => ({
          type: "Feature" as const,
          properties: { end: i === 0 ? "start" : "finish" },
          geometry: { type: "Point" as const, coordinates: at },
        })),
      ],
    },
  } satisfies Parameters<MapLibre["addSource"]>[1] & {
    data: Parameters<GeoJSONSource["setData"]>[0];
  });
  map.addLayer({
    id: `${TRACK}-casing`,
    type: "line",
    source: TRACK,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#ffffff", "line-width": 7 },
  });
  map.addLayer({
    id: TRACK,
    type: "line",
    source: TRACK,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#c64600", "line-width": 3.5 },
  });
  map.addLayer({
    id: ENDS,
    type: "circle",
    source: TRACK,
    filter: ["has", "end"],
    paint: {
      "circle-radius": 6,
      "circle-color": ["match", ["get", "end"], "start", "#ffffff", "#c64600"],
      "circle-stroke-color": "#c64600",
      "circle-stroke-width": 2.5,
    },
  });
  const longitudes = coordinates.map(([longitude]) => longitude);
  const latitudes = coordinates.map(([, latitude]) => latitude);
  map.fitBounds(
    [
      Math.min(...longitudes),
      Math.min(...latitudes),
      Math.max(...longitudes),
      Math.max(...latitudes),
    ],
    { padding: 36, maxZoom: 16, animate: false },
  );
  return () => {
    for (const layer of [ENDS, TRACK, `${TRACK}-casing`]) {
      if (map.getLayer(layer)) map.removeLayer(layer);
    }
    if (map.getSource(TRACK)) map.removeSource(TRACK);
  };
}

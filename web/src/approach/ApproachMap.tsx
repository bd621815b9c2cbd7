import { useEffect, useRef, useState } from "react";
import type { Approach } from "../api/types";
import { MapNotice } from "../map/MapNotice";
import { useTheMap } from "../map/useTheMap";
import { ApproachLayer } from "./approachLayer";
import { useWords } from "./words";

/** The vehicle and the pick-up on the session's map; the text beneath says the same in words. */
export default function ApproachMap({ approach }: { approach: Approach }) {
  const say = useWords();
  const place = useRef<HTMLDivElement>(null);
  const { borrowed, failed } = useTheMap(place);
  const layer = useRef<ApproachLayer | null>(null);
  const [strayed, setStrayed] = useState(false);

  useEffect(() => {
    if (!borrowed) return;
    const drawn = new ApproachLayer(borrowed.map, () => setStrayed(true));
    layer.current = drawn;
    return () => {
      layer.current = null;
      drawn.remove();
    };
  }, [borrowed]);
  useEffect(() => {
    if (borrowed) layer.current?.show(approach);
  }, [borrowed, approach]);

  function centre() {
    setStrayed(false);
    layer.current?.follow();
  }

  return (
    <section className="approach-map" aria-label={say("map")}>
      <div ref={place} className="map-place" />
      {failed && <p className="map-failed">{say("noMap")}</p>}
      {strayed && (
        <button type="button" className="second centre" onClick={centre}>
          {say("centre")}
        </button>
      )}
      {borrowed && <MapNotice manifest={borrowed.manifest} />}
    </section>
  );
}

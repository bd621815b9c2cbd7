import { useCallback, useMemo, useState } from "react";
import { useFilter } from "../console/filters";
import { useT } from "../i18n/console/words";
import { live, useLiveVersion, useTick } from "../live/live";
import { STANDINGS, type Standing, standingOf } from "../live/messages";
import { may, useSession } from "../session/session";
import { Legend } from "./Legend";
import { LinkBanner } from "./LinkBanner";
import { LiveMap } from "./LiveMap";
import { NearestPanel } from "./NearestPanel";
import { type Asked, readPlace, spellPlace } from "./places";
import { useNearest } from "./useNearest";
import { VehicleCard } from "./VehicleCard";
import { VehicleList } from "./VehicleList";
import "./map.css";

/** The live map, and beside it the list that says the same in words. */
export default function MapPage() {
  const t = useT();
  const [picked, pick] = useFilter("v");
  const [only, setOnly] = useFilter("state");
  const [text, setText] = useFilter("q");
  const [wanted, setWanted] = useState<{ id: string; n: number } | null>(null);
  const [near, setNear] = useFilter("near");
  const [passengers, setPassengers] = useState(1);
  const session = useSession();
  const asked = useMemo(() => readPlace(near), [near]);
  const nearest = useNearest(asked, passengers);
  const ask = useCallback((place: Asked) => setNear(spellPlace(place)), [setNear]);
  const ranked = useMemo(
    () => (nearest.data?.candidates ?? []).map((one) => ({ ...one, id: one.vehicle.id })),
    [nearest.data],
  );
  useLiveVersion();
  const now_ms = useTick(5_000);
  const rows = live.vehicles.map((vehicle) => {
    const age_s = live.age_s(vehicle, Math.max(now_ms, Date.now() - 5_000));
    return { vehicle, age_s, standing: standingOf(vehicle, age_s) };
  });
  const counts = Object.fromEntries(
    STANDINGS.map((s) => [s, rows.filter((row) => row.standing === s).length]),
  ) as Record<Standing, number>;
  const shown = rows.filter(
    ({ vehicle, standing }) =>
      (!only || standing === only) &&
      (!text || vehicle.plate.includes(text.toUpperCase()) || vehicle.unit.name.includes(text)),
  );
  const chosen = rows.find((row) => row.vehicle.id === picked);

  function choose(id: string) {
    pick(id);
    setWanted((before) => ({ id, n: (before?.n ?? 0) + 1 }));
  }

  return (
    <div className="map-page">
      <h1 className="for-readers">{t("live.heading")}</h1>
      <section className="map-side" aria-label={t("live.list")}>
        <Legend counts={counts} only={only} onOnly={setOnly} />
        <VehicleList
          rows={shown}
          total={rows.length}
          picked={picked}
          text={text}
          onText={setText}
          onPick={choose}
        />
      </section>
      <section className="map-main" aria-label={t("live.map")}>
        <LinkBanner />
        <LiveMap
          picked={picked}
          wanted={wanted}
          onPick={pick}
          now_ms={now_ms}
          asked={asked}
          ranked={ranked}
          onAsk={session.data && may(session.data, "order.assign") ? ask : null}
        />
        {asked && (
          <NearestPanel
            nearest={nearest}
            passengers={passengers}
            onPassengers={setPassengers}
            onPick={choose}
            onClose={() => setNear("")}
          />
        )}
        {chosen && <VehicleCard {...chosen} onClose={() => pick("")} />}
      </section>
    </div>
  );
}

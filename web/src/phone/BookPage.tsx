import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type Problem, read, write } from "../api/client";
import type {
  KnownPlace,
  NewRequest,
  Page,
  Place,
  Purpose,
  PurposeItem,
  RequestDetail,
} from "../api/types";
import { useT } from "../i18n/language";
import { hasWord, wordOf } from "../i18n/words";
import type { Returning } from "../series/returning";
import type { Limit } from "../sharing/limit";
import { wallTimeOf } from "../time/format";
import { type Stay, sentStays, withOneMore } from "../waypoints/stays";
import { Chips } from "./Chips";
import { Failure } from "./Failure";
import { PlaceField } from "./PlaceField";
import { keptStart, PRESETS, type Preset, startAt, startOf } from "./times";

const DetourFields = lazy(() => import("../sharing/DetourFields"));

const WaypointFields = lazy(() => import("../waypoints/WaypointFields"));
const SeriesFields = lazy(() => import("../series/SeriesFields"));

const HOUR_MS = 3_600_000;
const LENGTHS_H = [1, 2, 4, 8];

interface Draft {
  origin: Place | null;
  destination: Place | null;
  stays: Stay[];
  returns: boolean;
  /** Null while it is as offered first. */
  returning: Returning | null;
  preset: Preset;
  start: string;
  length_h: number;
  purpose: Purpose;
  purpose_text: string;
  passengers: number;
  round_trip: boolean;
  may_share: boolean;
  detour: Limit;
}

/** Booking in few taps: where from and to, when, what for. */
export function BookPage() {
  const t = useT();
  const client = useQueryClient();
  const places = useQuery({ queryKey: ["/places"], queryFn: readPlaces, staleTime: 300_000 });
  const purposes = useQuery({
    queryKey: ["/purposes"],
    queryFn: () => read<Page<PurposeItem>>("/purposes"),
    staleTime: 300_000,
  });
  const codes = purposes.data?.items ?? [];
  const [draft, setDraft] = useState(emptyDraft);
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const offices = (places.data ?? []).filter((place) => place.kind === "office");
  const origin = draft.origin ?? offices[0] ?? null;
  const submit = useMutation<unknown, Problem, NewRequest>({
    mutationFn: (request) => book(request, draft),
    onSuccess: () => {
      setDraft(emptyDraft());
      location.hash = "mine";
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["/requests"] }),
  });
  const same = origin !== null && draft.destination?.name === origin.name;

  function send(outside_map: boolean) {
    const request = requestOf(draft, origin, Date.now());
    if (request) submit.mutate({ ...request, outside_map });
  }

  return (
    <form
      className="book"
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <PlaceField
        label={t("request.origin")}
        places={places.data ?? []}
        value={origin}
        onChange={(place) => set({ origin: place })}
      />
      <PlaceField
        label={t("request.destination")}
        places={places.data ?? []}
        value={draft.destination}
        onChange={(place) => set({ destination: place })}
      />
      {same && <p className="problem">{t("phone.place.same")}</p>}
      {draft.stays.length > 0 ? (
        <Suspense>
          <WaypointFields
            places={places.data ?? []}
            stays={draft.stays}
            onChange={(stays) => set({ stays })}
          />
        </Suspense>
      ) : (
        <button type="button" className="second" onClick={() => set({ stays: withOneMore([]) })}>
          {t("phone.waypoint")}
        </button>
      )}
      <Chips
        legend={t("phone.returns")}
        value={String(draft.returns)}
        options={[
          { value: "false", label: t("phone.returns.no") },
          { value: "true", label: t("phone.returns.yes") },
        ]}
        onChange={(value) => set({ returns: value === "true" })}
      />
      {draft.returns ? (
        <Suspense>
          <SeriesFields value={draft.returning} onChange={(returning) => set({ returning })} />
        </Suspense>
      ) : (
        <When draft={draft} set={set} />
      )}
      <Chips
        legend={t("request.purpose")}
        value={draft.purpose}
        options={codes.map(({ code, label }) => ({
          value: code,
          label: hasWord("purpose", code) ? wordOf("purpose", code) : label,
        }))}
        onChange={(purpose) => set({ purpose })}
      />
      <label className="field">
        {t("phone.purpose.text")}
        <input
          value={draft.purpose_text}
          maxLength={200}
          required
          placeholder={t("phone.purpose.hint")}
          onChange={(event) => set({ purpose_text: event.target.value })}
        />
      </label>
      <div className="row">
        <People count={draft.passengers} onCount={(passengers) => set({ passengers })} />
        <label className="check">
          <input
            type="checkbox"
            checked={draft.round_trip}
            onChange={(event) => set({ round_trip: event.target.checked })}
          />
          {t("request.round_trip")}
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={shares(draft)}
            disabled={draft.stays.length > 0}
            onChange={(event) => set({ may_share: event.target.checked })}
          />
          {t("request.may_share")}
        </label>
      </div>
      {shares(draft) && !draft.returns && (
        <Suspense>
          <DetourFields limit={draft.detour} onChange={(detour) => set({ detour })} />
        </Suspense>
      )}
      <Failure error={submit.error} />
      {submit.error?.type === "place-outside-map" && (
        <button type="button" className="second" onClick={() => send(true)}>
          {t("phone.place.outside")}
        </button>
      )}
      <button
        type="submit"
        className="main"
        disabled={
          !draft.destination ||
          !origin ||
          same ||
          submit.isPending ||
          draft.stays.some((stay) => !stay.place)
        }
      >
        {t("phone.submit")}
      </button>
    </form>
  );
}

/** Ask for a ride, or for one that returns. */
async function book(request: NewRequest, { returns, returning, detour }: Draft): Promise<unknown> {
  if (!returns) return bookOnce(request, detour);
  return (await import("../series/asking")).askForSeries(request, returning);
}

/** Ask for a ride; a passenger's own limit of detours is said before it is submitted. */
async function bookOnce(request: NewRequest, limit: Limit): Promise<RequestDetail> {
  if (!request.may_share || limit.percent + limit.minutes === "")
    return write("/requests", request);
  return (await import("../sharing/limit")).bookWithin(limit, request);
}

const readPlaces = async () =>
  (await read<Page<KnownPlace>>("/places", { limit: 200 })).items.filter(
    (place) => place.kind !== "watched_place",
  );

function emptyDraft(): Draft {
  return {
    origin: null,
    destination: null,
    stays: [],
    returns: false,
    returning: null,
    preset: "now",
    start: wallTimeOf(Date.now() + HOUR_MS),
    length_h: 2,
    purpose: "meeting",
    purpose_text: "",
    passengers: 1,
    round_trip: true,
    may_share: false,
    detour: { percent: "", minutes: "" },
  };
}

/** A ride with waypoints is never shared: its way is its own. */
const shares = ({ may_share, stays }: Draft) => may_share && stays.length === 0;

/** The draft as the API wants it; null while something is missing. */
function requestOf(
  draft: Draft,
  origin: Place | null,
  now_ms: number,
): Omit<NewRequest, "outside_map"> | null {
  const start = startAt(draft.preset, draft.start, now_ms);
  if (!origin || !draft.destination || Number.isNaN(start)) return null;
  const place = ({ name, latitude, longitude }: Place): Place => ({ name, latitude, longitude });
  return {
    passengers: draft.passengers,
    purpose: draft.purpose,
    purpose_text: draft.purpose_text,
    start: new Date(start).toISOString(),
    end: new Date(start + draft.length_h * HOUR_MS).toISOString(),
    origin: place(origin),
    destination: place(draft.destination),
    round_trip: draft.round_trip,
    may_share: shares(draft),
    waypoints: sentStays(draft.stays),
    draft: false,
  };
}

function When({ draft, set }: { draft: Draft; set: (changes: Partial<Draft>) => void }) {
  const t = useT();
  const now_ms = Date.now();
  const offered = PRESETS.filter(
    (preset) => preset === "other" || startOf(preset, now_ms) !== null,
  );
  return (
    <>
      <Chips
        legend={t("phone.when")}
        value={draft.preset}
        options={offered.map((value) => ({ value, label: t(`phone.when.${value}`) }))}
        onChange={(preset) => set({ preset, ...keptStart(preset, Date.now()) })}
      />
      {draft.preset === "other" && (
        <label className="field">
          {t("phone.when.start")}
          <input
            type="datetime-local"
            value={draft.start}
            onChange={(event) => set({ start: event.target.value })}
          />
        </label>
      )}
      <Chips
        legend={t("phone.length")}
        value={String(draft.length_h)}
        options={LENGTHS_H.map((n) => ({ value: String(n), label: t("common.hours", { n }) }))}
        onChange={(n) => set({ length_h: Number(n) })}
      />
    </>
  );
}

function People({ count, onCount }: { count: number; onCount: (count: number) => void }) {
  const t = useT();
  return (
    <fieldset className="people">
      <legend className="for-readers">{t("phone.people")}</legend>
      <button
        type="button"
        aria-label={t("phone.fewer")}
        disabled={count <= 1}
        onClick={() => onCount(count - 1)}
      >
        −
      </button>
      <output>{t("request.passengers", { n: count })}</output>
      <button
        type="button"
        aria-label={t("phone.more")}
        disabled={count >= 50}
        onClick={() => onCount(count + 1)}
      >
        +
      </button>
    </fieldset>
  );
}

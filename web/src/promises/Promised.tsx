import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import { known } from "../api/known";
import type { Page, RideRequest } from "../api/types";
import { hasWord, wordOf } from "../i18n/words";
import { ReasonedAct } from "../orders/ReasonedAct";
import type { Alternatives, Reservation } from "../plans/types";
import { CATEGORIES, ENERGIES } from "../register/codes";
import { StaleNotice } from "../requests/StaleNotice";
import { Instead } from "./Instead";
import { usePromise, useRelease, type Wish } from "./usePromise";
import { type Say, useWords } from "./words";
import "./promises.css";

/** What a waiting request is promised of a pool (预留), to promise and to take back. */
export default function Promised({ request }: { request: RideRequest }) {
  const say = useWords();
  const newest = useQuery({
    queryKey: ["/reservations", request.id, request.revision],
    queryFn: () => read<Page<Reservation>>("/reservations", { request_id: request.id, limit: 1 }),
  });
  const promise = usePromise(request);
  const release = useRelease(request);
  const data = known(newest);
  if (!data) return null;
  const [reservation] = data.items;
  const full = promise.error?.facts.alternatives as Alternatives | undefined;
  const refusal = full ? release.error : (promise.error ?? release.error);

  function take(wish: Wish) {
    // At another time the same is promised that was refused.
    promise.mutate(wish.moved ? { ...promise.variables, ...wish } : wish);
  }

  const isAhead = Date.parse(request.period.start) > Date.now();
  if (!isAhead && reservation?.state !== "held") return null;
  return (
    <section className="promised" aria-labelledby="promised">
      <h2 id="promised">{say("heading")}</h2>
      {refusal && <StaleNotice problem={refusal} />}
      {reservation?.state === "held" ? (
        <div className="promise-acts">
          <span>
            {say("held", { name: reservation.organisation.name, type: typeOf(reservation, say) })}
          </span>
          <ReasonedAct label={say("release")} pending={release.isPending} onAct={release.mutate} />
        </div>
      ) : (
        <div className="promise-acts">
          <span>{say(reservation?.state === "refused" ? "refused" : "none")}</span>
          <Type pending={promise.isPending} onPromise={promise.mutate} />
        </div>
      )}
      {full && <Instead alternatives={full} pending={promise.isPending} onTake={take} />}
    </section>
  );
}

interface TypeProps {
  pending: boolean;
  onPromise: (wish: { category?: string; energy?: string }) => void;
}

/** Of which type a vehicle is promised; any, unless it is said. */
function Type({ pending, onPromise }: TypeProps) {
  const say = useWords();
  const [category, setCategory] = useState("");
  const [energy, setEnergy] = useState("");
  const choices = [
    ["category", CATEGORIES, category, setCategory],
    ["energy", ENERGIES, energy, setEnergy],
  ] as const;
  return (
    <>
      {choices.map(([kind, codes, value, set]) => (
        <Select
          key={kind}
          value={value}
          aria-label={say(kind)}
          popupMatchSelectWidth={false}
          options={[
            { value: "", label: say("unsaid", { kind: say(kind) }) },
            ...codes.map((code) => ({ value: code, label: wordOf(kind, code) })),
          ]}
          onChange={set}
        />
      ))}
      <Button
        loading={pending}
        onClick={() =>
          onPromise({ ...(category ? { category } : {}), ...(energy ? { energy } : {}) })
        }
      >
        {say("promise")}
      </Button>
    </>
  );
}

function typeOf({ category, energy, holding }: Reservation, say: Say): string {
  const told = (
    [
      ["category", category],
      ["energy", energy],
      ["holding", holding],
    ] as const
  ).flatMap(([kind, code]) => (code && hasWord(kind, code) ? [wordOf(kind, code)] : []));
  return told.join(" · ") || say("type.any");
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Problem, read, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { RideRequest, Sharing, SharingLeg } from "../api/types";
import { useT } from "../i18n/language";
import { timeOf } from "../time/format";
import DetourFields from "./DetourFields";
import { type Limit, sent } from "./limit";
import { useWords } from "./words";

/** The states in which a passenger still says whether they share. */
const OPEN = new Set([
  "draft",
  "unit_review",
  "sent_back",
  "awaiting_dispatch",
  "assigned",
  "accepted",
]);

/** Whether and how far a passenger shares, and their own part of a shared order. */
export default function SharingPart({ request }: { request: RideRequest }) {
  const say = useWords();
  const { data } = useQuery({
    queryKey: ["/requests", request.id, "sharing", request.revision],
    queryFn: () => read<Sharing>(`/requests/${request.id}/sharing`),
  });
  if (!data || !OPEN.has(request.state)) return null;
  return (
    <section className="sharing" aria-label={say("heading")}>
      <h3>{say("heading")}</h3>
      {data.never_shared ? (
        <p className="note">{data.never_shared}</p>
      ) : (
        <Consent key={request.revision} request={request} said={data} />
      )}
      {data.legs.length > 0 && (
        <>
          <strong>{say("own")}</strong>
          <ul>
            {data.legs.map((leg) => (
              <Leg key={leg.pick_up_at} leg={leg} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Consent({ request, said }: { request: RideRequest; said: Sharing }) {
  const t = useT();
  const say = useWords();
  const client = useQueryClient();
  const [agreed, setAgreed] = useState(said.agreed);
  const [limit, setLimit] = useState<Limit>({
    percent: String(said.detour_percent),
    minutes: String(Math.floor(said.detour_s / 60)),
  });
  const save = useMutation<Sharing, Problem>({
    mutationFn: () =>
      write(`/requests/${request.id}/sharing`, {
        revision: request.revision,
        agreed,
        ...(agreed ? sent(limit) : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["/requests"] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label className="check">
        <input
          type="checkbox"
          checked={agreed}
          onChange={(event) => setAgreed(event.target.checked)}
        />
        {say("agree")}
      </label>
      {agreed && <DetourFields limit={limit} onChange={setLimit} />}
      {said.legs.length > 0 && <p className="note">{say("left")}</p>}
      {save.error && (
        <p className="problem" role="alert">
          {sentenceOf(t, save.error)}
        </p>
      )}
      <button type="submit" className="second" disabled={save.isPending}>
        {say("save")}
      </button>
    </form>
  );
}

const minutes = (seconds: number) => Math.ceil(seconds / 60);

function Leg({ leg }: { leg: SharingLeg }) {
  const say = useWords();
  return (
    <li>
      {say(leg.is_return ? "back" : "out")}{" "}
      {say("leg", {
        start: timeOf(leg.pick_up_at),
        end: timeOf(leg.set_down_at),
        detour: minutes(leg.detour_s),
        most: Math.floor(leg.greatest_detour_s / 60),
      })}
    </li>
  );
}

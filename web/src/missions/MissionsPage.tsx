import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Arrival, Arrivals, Mission, MissionDetail, MissionRide } from "../api/types";
import { StateMark } from "../console/StateMark";
import { listed } from "../i18n/console/phrases";
import { useT } from "../i18n/console/words";
import { ActButton } from "../register/ActButton";
import type { Act } from "../register/acts";
import { Dated } from "../register/Dated";
import { Facts } from "../register/Facts";
import { RegisterPage } from "../register/RegisterPage";
import { codeIn, type Say, useSay } from "../register/words";
import { may, useSession } from "../session/session";
import { momentOf, periodOf } from "../time/format";
import { ConvoyOrder } from "./ConvoyOrder";
import { actsOf, REPLACEABLE, replacementOf, WRITE } from "./missionActs";

/** The board asks again so often; the server journals an open board once in ten minutes. */
const AGAIN_MS = 15_000;

/** Missions in which one is named, or which one is to approve. */
export default function MissionsPage() {
  const say = useSay();
  return (
    <RegisterPage<Mission>
      title="missions"
      path="/missions"
      address="/missions"
      acts={[WRITE]}
      columns={[
        { title: "missions.title", show: (one) => one.title },
        { title: "kind", show: (one) => codeIn(say, "mission_kind", one.kind), width: 110 },
        { title: "unit", show: (one) => one.unit.name, width: 160 },
        { title: "missions.gather_at", show: (one) => momentOf(one.gather_at), width: 140 },
        { title: "period", show: (one) => periodOf(one.period), width: 220 },
        { title: "missions.vehicles", show: (one) => countsOf(one), width: 110 },
        { title: "state", show: (one) => <StateMark state={one.state} />, width: 120 },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

const countsOf = (one: Mission): string => `${one.slips} / ${one.vehicles}+${one.standbys}`;

function Detail({ id }: { id: string }) {
  const say = useSay();
  const path = `/missions/${id}`;
  const t = useT();
  const { data: mission, error } = useQuery({
    queryKey: [path],
    queryFn: () => read<MissionDetail>(path),
  });
  const board = useQuery({
    queryKey: [path, "arrivals"],
    queryFn: () => read<Arrivals>(`${path}/arrivals`),
    refetchInterval: AGAIN_MS,
    enabled: mission !== undefined && isOut(mission),
  }).data;
  if (!mission) return error ? <Alert type="error" showIcon title={sentenceOf(t, error)} /> : null;
  return (
    <>
      <div className="acts">
        {actsOf(mission).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
        <ConvoyButton mission={mission} />
      </div>
      <Facts
        facts={[
          ["missions.title", mission.title],
          ["state", <StateMark key="state" state={mission.state} />],
          ["missions.gather_at", momentOf(mission.gather_at)],
          ["missions.assembly", mission.assembly.name],
          ["missions.liaison", mission.liaison.name],
          ["missions.readers", listed(mission.readers.map((one) => one.name)) || null],
          ["missions.runners", listed(mission.runners.map((one) => one.name))],
          ["missions.approved_by", mission.approved_by?.name],
          ["missions.plan", mission.plan],
        ]}
      />
      {board && <p role="status">{summaryOf(say, board)}</p>}
      <Dated
        title="missions.convoy"
        items={mission.rides}
        keyOf={(ride) => ride.id}
        heads={[
          "missions.position",
          "vehicle",
          "missions.driver",
          "missions.slip",
          "state",
          "note",
        ]}
        cells={[
          (ride) => (ride.standby ? `${ride.position} ${say("missions.standby")}` : ride.position),
          (ride) => (ride.order ?? ride).vehicle?.plate ?? "—",
          (ride) => (ride.order ?? ride).driver?.name ?? "—",
          (ride) => ride.order?.slip?.number_text ?? "—",
          (ride) => standingOf(say, ride, board),
          (ride) => <Note ride={ride} act={replaceOf(mission, ride)} />,
        ]}
      />
    </>
  );
}

const summaryOf = (say: Say, board: Arrivals): string =>
  Object.entries(board.counts)
    .filter(([, count]) => count > 0)
    .map(([standing, count]) => `${codeIn(say, "arrival", standing)} ${count}`)
    .join(" · ");

function standingOf(say: Say, ride: MissionRide, board: Arrivals | undefined): string {
  const told = board?.items.find((one) => one.ride_id === ride.id);
  if (!told) return codeIn(say, "state", ride.order?.state ?? "awaiting_dispatch");
  const when = told.arrives_at ? ` ${momentOf(told.arrives_at)}` : "";
  return codeIn(say, "arrival", told.standing) + when + lateOf(say, told);
}

const lateOf = (say: Say, told: Arrival): string =>
  told.late_s ? ` ${say("missions.late", { minutes: Math.ceil(told.late_s / 60) })}` : "";

/** Whether vehicles are awaited: also while one of them is taken away, and its ride waits again. */
const isOut = ({ state, rides }: MissionDetail): boolean =>
  (state === "assigned" || state === "awaiting_dispatch") && rides.some((ride) => ride.order);

const replaceOf = (mission: MissionDetail, ride: MissionRide): Act | null =>
  !ride.standby && ride.order && REPLACEABLE.has(ride.order.state) && isOut(mission)
    ? replacementOf(mission.id, ride.id)
    : null;

function Note({ ride, act }: { ride: MissionRide; act: Act | null }) {
  return (
    <>
      {ride.note} {act && <ActButton act={act} />}
    </>
  );
}

/** The states in which a convoy may still be put into another order. */
const NOT_OVER = new Set(["draft", "unit_review", "sent_back", "awaiting_dispatch", "assigned"]);

function ConvoyButton({ mission }: { mission: MissionDetail }) {
  const say = useSay();
  const session = useSession().data;
  const [open, setOpen] = useState(false);
  const movable = mission.rides.length > 1 && NOT_OVER.has(mission.state);
  if (!movable || !session || !may(session, "order.assign")) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {say("missions.convoy.order")}
      </Button>
      {open && <ConvoyOrder mission={mission} onClose={() => setOpen(false)} />}
    </>
  );
}

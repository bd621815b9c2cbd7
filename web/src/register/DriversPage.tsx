import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Driver, DriverDetail, Leave, Page, Shift } from "../api/types";
import { momentOf, periodOf, wallTimeOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { Facts } from "./Facts";
import { RegisterPage } from "./RegisterPage";
import { codeIn, useSay } from "./words";

const CLASSES = ["A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "C6"] as const;
const LICENCE: Field = {
  name: "licence_class",
  label: "drivers.licence",
  kind: "choice",
  codes: CLASSES,
};
const UNTIL: Field = { name: "licence_until", label: "drivers.until", kind: "instant" };
const ID_NUMBER: Field = {
  name: "id_number",
  label: "drivers.id_number",
  kind: "text",
  hint: "drivers.id_number.hint",
};
const PERIOD: Field[] = [
  { name: "start", label: "start", kind: "instant", needed: true },
  { name: "end", label: "end", kind: "instant", needed: true },
];
const WHERE: Field = {
  name: "organisation_id",
  label: "organisation",
  kind: "pick",
  from: "/organisations",
  needed: true,
};

const ADD: Act = {
  label: "drivers.add",
  path: "/drivers",
  permission: "driver.write",
  fields: [
    { name: "person_id", label: "person", kind: "pick", from: "/people", needed: true },
    WHERE,
    { ...LICENCE, needed: true, initial: "C1" },
    UNTIL,
    ID_NUMBER,
  ],
};

const actsOn = ({ id, licence_class, licence_until }: DriverDetail): Act[] => [
  {
    label: "drivers.change",
    method: "PATCH",
    path: `/drivers/${id}`,
    permission: "driver.write",
    fields: [
      { ...LICENCE, needed: true, initial: licence_class },
      { ...UNTIL, initial: licence_until ? wallTimeOf(licence_until) : undefined },
      ID_NUMBER,
    ],
  },
  {
    label: "drivers.transfer",
    path: `/drivers/${id}/transfer`,
    permission: "driver.write",
    fields: [
      WHERE,
      { name: "since", label: "since", kind: "instant" },
      { name: "reason", label: "reason", kind: "text", needed: true },
    ],
  },
  {
    label: "drivers.shift",
    path: `/drivers/${id}/shifts`,
    permission: "roster.write",
    fields: [
      {
        name: "kind",
        label: "kind",
        kind: "choice",
        family: "shift",
        codes: ["day_shift", "night_shift", "standby"],
        needed: true,
      },
      ...PERIOD,
    ],
  },
  {
    label: "drivers.leave",
    path: `/drivers/${id}/leaves`,
    permission: "driver.write",
    fields: [
      {
        name: "kind",
        label: "kind",
        kind: "choice",
        family: "leave",
        codes: ["annual", "sick", "personal", "training", "other"],
        needed: true,
      },
      ...PERIOD,
      { name: "reason", label: "reason", kind: "text", needed: true },
    ],
  },
];

/** Drivers with their licences, shifts and leaves. */
export default function DriversPage() {
  return (
    <RegisterPage<Driver>
      title="drivers"
      path="/drivers"
      address="/drivers"
      exchange="drivers"
      acts={[ADD]}
      filters={[
        { name: "q", label: "search", kind: "search" },
        { name: "licence_before", label: "drivers.before", kind: "from" },
      ]}
      columns={[
        { title: "people.name", show: (one) => one.name, width: 140 },
        { title: "unit", show: (one) => one.unit.name },
        { title: "phone", show: (one) => one.phone ?? "—", width: 140 },
        { title: "drivers.licence", show: (one) => one.licence_class, width: 100 },
        { title: "drivers.until", show: (one) => momentOf(one.licence_until), width: 150 },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  const say = useSay();
  const { data: driver } = useQuery({
    queryKey: ["/drivers", id],
    queryFn: () => read<DriverDetail>(`/drivers/${id}`),
  });
  if (!driver) return null;
  return (
    <>
      <Facts
        facts={[
          ["people.name", <strong key="name">{driver.name}</strong>],
          ["unit", driver.unit.name],
          ["phone", driver.phone],
          ["drivers.id_number", driver.id_number],
          ["drivers.licence", driver.licence_class],
          ["drivers.until", momentOf(driver.licence_until)],
          ["warnings", driver.warnings.join(" ") || "—"],
        ]}
      />
      <div className="acts">
        {actsOn(driver).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
      </div>
      <h2>{say("history")}</h2>
      <table className="dated">
        <tbody>
          {driver.licences.map((licence) => (
            <tr key={licence.start}>
              <td>{licence.licence_class}</td>
              <td>{periodOf(licence)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dated<Shift> path={`/drivers/${id}/shifts`} title="drivers.shifts" family="shift" />
      <Dated<Leave> path={`/drivers/${id}/leaves`} title="drivers.leaves" family="leave" />
    </>
  );
}

interface DatedProps {
  path: string;
  title: "drivers.shifts" | "drivers.leaves";
  family: string;
}

function Dated<Item extends Shift | Leave>({ path, title, family }: DatedProps) {
  const say = useSay();
  const { data } = useQuery({
    queryKey: [path],
    queryFn: () => read<Page<Item>>(path, { limit: 50 }),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <>
      <h2>{say(title)}</h2>
      <table className="dated">
        <tbody>
          {data.items.map((item) => (
            <tr key={item.id}>
              <td>{codeIn(say, family, item.kind)}</td>
              <td>{periodOf(item)}</td>
              <td>{"on_leave" in item && item.on_leave && say("rosters.on_leave")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

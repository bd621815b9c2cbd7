import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Application, ApplicationDetail } from "../api/types";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import { actsOn, FILE } from "./applicationActs";
import { APPLICATION_STATES, APPLICATIONS } from "./codes";
import { Dated } from "./Dated";
import { type Fact, Facts } from "./Facts";
import { yuanOf } from "./money";
import { RegisterPage } from "./RegisterPage";
import { codeIn, type Say, useSay } from "./words";
import type { Word } from "./zh";

/** Applications for steps of a vehicle's life: filed by a unit, decided by the authority. */
export default function ApplicationsPage() {
  const say = useSay();
  return (
    <RegisterPage<Application>
      title="applications"
      path="/applications"
      address="/applications"
      acts={FILE}
      filters={[
        { name: "kind", label: "kind", kind: "choice", family: "application", codes: APPLICATIONS },
        {
          name: "state",
          label: "state",
          kind: "choice",
          family: "application",
          codes: APPLICATION_STATES,
        },
      ]}
      columns={[
        { title: "kind", show: (one) => codeIn(say, "application", one.kind), width: 140 },
        { title: "unit", show: (one) => one.organisation.name },
        { title: "vehicle", show: (one) => one.vehicle?.plate ?? "—", width: 120 },
        { title: "applications.applicant", show: (one) => one.applicant.name, width: 140 },
        { title: "at", show: (one) => momentOf(one.recorded_at), width: 140 },
        { title: "state", show: (one) => codeIn(say, "application", one.state), width: 120 },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  const say = useSay();
  const { data: one } = useQuery({
    queryKey: ["/applications", id],
    queryFn: () => read<ApplicationDetail>(`/applications/${id}`),
  });
  if (!one) return null;
  return (
    <>
      <Facts
        facts={[
          ["kind", codeIn(say, "application", one.kind)],
          ["state", <strong key="state">{codeIn(say, "application", one.state)}</strong>],
          ["unit", one.organisation.name],
          ["applications.applicant", one.applicant.name],
          ["vehicle", one.vehicle?.plate],
          ...contentOf(one.content, say),
        ]}
      />
      <div className="acts">
        {actsOn(one).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
      </div>
      <Dated
        title="history"
        items={one.steps}
        keyOf={(step) => `${step.at}${step.act}`}
        cells={[
          (step) => momentOf(step.at),
          (step) => codeIn(say, "step", step.act),
          (step) => step.person.name,
          (step) => step.reason,
        ]}
      />
    </>
  );
}

/** What the content of an application is called, and the family of its codes. */
const CONTENT: Record<string, [Word, string?]> = {
  category: ["vehicle.category", "category"],
  count: ["quotas.count"],
  basis: ["quotas.basis"],
  model: ["vehicle.model"],
  energy: ["vehicle.energy", "energy"],
  body: ["vehicle.body", "body"],
  condition: ["vehicle.condition", "condition"],
  displacement_ml: ["vehicle.displacement_ml"],
  funding: ["vehicle.funding", "funding"],
  method: ["vehicle.method", "method"],
  grounds: ["applications.grounds"],
};

function contentOf(content: Record<string, unknown>, say: Say): Fact[] {
  const facts = Object.entries(CONTENT).flatMap(([name, [label, family]]): Fact[] => {
    const value = content[name];
    if (value === undefined || value === null) return [];
    return [[label, family ? codeIn(say, family, String(value)) : String(value)]];
  });
  const price = content.price_fen;
  return typeof price === "number" ? [...facts, ["vehicle.price_fen", yuanOf(price)]] : facts;
}

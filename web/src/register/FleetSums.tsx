import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { FleetSummary, FleetTotals } from "../api/types";
import { useSay } from "./words";

/** The fleet of an organisation as one: its own part and each part below, which add up. */
export function FleetSums({ organisationId }: { organisationId: string }) {
  const say = useSay();
  const { data } = useQuery({
    queryKey: ["/fleet/summary", organisationId],
    queryFn: () =>
      read<FleetSummary>("/fleet/summary", { organisation_id: organisationId, limit: 500 }),
  });
  if (!data) return null;
  return (
    <>
      <h2>{say("organisations.sum")}</h2>
      <table className="dated">
        <thead>
          <tr>
            <th>{say("organisation")}</th>
            <th>{say("organisations.vehicles")}</th>
            <th>{say("organisations.units")}</th>
            <th>{say("organisations.drivers")}</th>
            <th>{say("organisations.terminals")}</th>
          </tr>
        </thead>
        <tbody>
          <Row name={say("organisations.total")} totals={data.total} strong />
          <Row name={say("organisations.own")} totals={data.own} />
          {data.items.map((part) => (
            <Row key={part.organisation.id} name={part.organisation.name} totals={part.totals} />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  name: string;
  totals: FleetTotals;
  strong?: boolean;
}

function Row({ name, totals, strong = false }: RowProps) {
  const cells = [totals.vehicles, totals.units, totals.drivers, totals.terminals];
  return (
    <tr style={{ fontWeight: strong ? 600 : 400 }}>
      <td>{name}</td>
      {["vehicles", "units", "drivers", "terminals"].map((what, n) => (
        <td key={what}>{cells[n]}</td>
      ))}
    </tr>
  );
}

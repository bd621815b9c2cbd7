import type { Terminal } from "../api/types";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act } from "./acts";
import { RegisterPage } from "./RegisterPage";

const ADD: Act = {
  label: "terminals.add",
  path: "/terminals",
  permission: "terminal.write",
  fields: [
    { name: "phone", label: "terminals.phone", kind: "text", needed: true },
    {
      name: "organisation_id",
      label: "organisation",
      kind: "pick",
      from: "/organisations",
      needed: true,
    },
    { name: "maker", label: "terminals.maker", kind: "text" },
    { name: "model", label: "terminals.model", kind: "text" },
  ],
};

const bindingOf = (terminal: Terminal): Act =>
  terminal.vehicle
    ? {
        label: "terminals.unbind",
        path: `/terminals/${terminal.id}/bindings/end`,
        permission: "terminal.write",
        danger: true,
        fields: [{ name: "end", label: "until", kind: "instant" }],
      }
    : {
        label: "terminals.bind",
        path: `/terminals/${terminal.id}/bindings`,
        permission: "terminal.write",
        fields: [
          { name: "vehicle_id", label: "vehicle", kind: "pick", from: "/vehicles", needed: true },
          { name: "start", label: "since", kind: "instant" },
        ],
      };

/** Terminals and the vehicle in which each sits now. */
export default function TerminalsPage() {
  return (
    <RegisterPage<Terminal>
      title="terminals"
      path="/terminals"
      exchange="terminals"
      acts={[ADD]}
      filters={[{ name: "q", label: "terminals.phone", kind: "search" }]}
      columns={[
        { title: "terminals.phone", show: (one) => one.phone, width: 170 },
        { title: "unit", show: (one) => one.unit.name },
        { title: "vehicle", show: (one) => one.vehicle?.plate ?? "—", width: 120 },
        { title: "terminals.maker", show: (one) => one.maker ?? "—", width: 120 },
        { title: "terminals.model", show: (one) => one.model ?? "—", width: 120 },
        { title: "terminals.registered", show: (one) => momentOf(one.registered_at), width: 140 },
        { title: "state", show: (one) => <ActButton act={bindingOf(one)} />, width: 110 },
      ]}
    />
  );
}

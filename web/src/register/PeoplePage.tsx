import { useQuery } from "@tanstack/react-query";
import { Typography } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import type { Person, PersonDetail } from "../api/types";
import { statements } from "../i18n/console/phrases";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { Facts } from "./Facts";
import { RegisterPage } from "./RegisterPage";
import { useSay } from "./words";

const ROLES = [
  "applicant",
  "unit_clerk",
  "unit_approver",
  "authority_approver",
  "dispatcher",
  "driver",
  "fleet_manager",
  "finance",
  "supervisor_officer",
  "secrecy_reviewer",
  "system_administrator",
  "security_administrator",
  "audit_administrator",
] as const;

const ROLE: Field = { name: "role", label: "role", kind: "choice", codes: ROLES, needed: true };
const WHERE: Field = {
  name: "organisation_id",
  label: "organisation",
  kind: "pick",
  from: "/organisations",
  needed: true,
};
const REASON: Field = { name: "reason", label: "reason", kind: "text", needed: true };

const ADD: Act = {
  label: "people.add",
  path: "/people",
  permission: "person.write",
  fields: [
    { name: "username", label: "username", kind: "text", needed: true },
    { name: "name", label: "people.name", kind: "text", needed: true },
    { name: "phone", label: "phone", kind: "text" },
    ROLE,
    WHERE,
  ],
  shape: ({ role, organisation_id, ...person }) => ({
    ...person,
    roles: [{ role, organisation_id }],
  }),
};

/** The phone is shown masked, so that it can't be emptied in the form. */
const NO_PHONE: Field = {
  name: "no_phone",
  label: "people.no_phone",
  kind: "flag",
  clears: "phone",
};

const actsOn = (person: PersonDetail): Act[] => [
  {
    label: "people.change",
    method: "PATCH",
    path: `/people/${person.id}`,
    permission: "person.write",
    fields: [
      { name: "name", label: "people.name", kind: "text", initial: person.name },
      { name: "phone", label: "phone", kind: "text" },
      ...(person.phone ? [NO_PHONE] : []),
    ],
  },
  {
    label: "people.give",
    path: `/people/${person.id}/roles`,
    permission: "person.write",
    fields: [
      ROLE,
      WHERE,
      { name: "since", label: "since", kind: "instant" },
      { name: "until", label: "until", kind: "instant" },
    ],
  },
  {
    label: "people.take",
    path: `/people/${person.id}/roles/end`,
    permission: "person.write",
    fields: [ROLE, WHERE, REASON],
  },
  {
    label: person.disabled_at ? "people.enable" : "people.disable",
    path: `/people/${person.id}/${person.disabled_at ? "enable" : "disable"}`,
    permission: "person.write",
    danger: !person.disabled_at,
    fields: [REASON],
  },
];

/** People with their dated roles; what one may see of them depends on the reader's own. */
export default function PeoplePage() {
  const say = useSay();
  return (
    <RegisterPage<Person>
      title="people"
      path="/people"
      address="/people"
      exchange="people"
      acts={[ADD]}
      filters={[{ name: "q", label: "search", kind: "search" }]}
      columns={[
        { title: "people.name", show: (one) => one.name, width: 140 },
        { title: "username", show: (one) => one.username, width: 140 },
        { title: "phone", show: (one) => one.phone ?? "—", width: 140 },
        {
          title: "roles",
          show: (one) =>
            statements(
              one.roles.map((held) => `${wordOf("role", held.role)} · ${held.organisation.name}`),
            ),
        },
        {
          title: "state",
          show: (one) => say(one.disabled ? "people.disabled" : "people.active"),
          width: 90,
        },
      ]}
      detail={(id) => <Detail key={id} id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  const say = useSay();
  const [link, setLink] = useState<string | null>(null);
  const { data: person } = useQuery({
    queryKey: ["/people", id],
    queryFn: () => read<PersonDetail>(`/people/${id}`),
  });
  if (!person) return null;
  return (
    <>
      <Facts
        facts={[
          ["people.name", <strong key="name">{person.name}</strong>],
          ["username", person.username],
          ["phone", person.phone],
          ["state", say(person.disabled_at ? "people.disabled" : "people.active")],
        ]}
      />
      <div className="acts">
        {actsOn(person).map((act) => (
          <ActButton key={act.label} act={act} />
        ))}
        <ActButton
          act={{
            label: "people.link",
            path: `/people/${id}/set-up-link`,
            permission: "person.write",
            fields: [],
          }}
          onDone={(answer) => setLink((answer as { url: string }).url)}
        />
      </div>
      {link && (
        <p>
          {say("people.link.said")} <Typography.Text copyable>{link}</Typography.Text>
        </p>
      )}
      <h2>{say("roles")}</h2>
      <table className="dated">
        <tbody>
          {person.roles.map((held) => (
            <tr key={`${held.role}${held.organisation.id}${held.start}`}>
              <td>{wordOf("role", held.role)}</td>
              <td>
                {held.organisation.name}
                {held.delegated_by &&
                  ` · ${say("people.delegated", { name: held.delegated_by.name })}`}
              </td>
              <td>{momentOf(held.start)}</td>
              <td>{momentOf(held.end)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

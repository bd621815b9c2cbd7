import { Button } from "antd";
import type { Delegation, SessionInfo } from "../api/types";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { ActButton } from "../register/ActButton";
import type { Act } from "../register/acts";
import { useSay } from "../register/words";
import { useSession } from "../session/session";
import { periodOf } from "../time/format";

/** Roles that one has lent while away, or was lent. */
export function DelegationsCard() {
  const t = useT();
  const say = useSay();
  const session = useSession().data;
  const list = useList<Delegation>("/delegations", {});
  return (
    <>
      <ul className="rows">
        {list.items.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{wordOf("role", one.role)}</strong> {one.organisation.name}
              <br />
              {say("delegations.between", { giver: one.giver.name, deputy: one.deputy.name })}
              <br />
              <span>
                {periodOf(one)} {one.reason}
              </span>
            </div>
            {!one.withdrawn_at && <ActButton act={endOf(one.id)} />}
          </li>
        ))}
      </ul>
      {list.more && <Button onClick={list.more}>{t("common.more")}</Button>}
      {session && <ActButton act={giveOf(session)} />}
    </>
  );
}

const endOf = (id: string): Act => ({
  label: "delegations.end",
  path: `/delegations/${id}/end`,
  fields: [],
});

/** Only a role that one holds can be lent, where one holds it. */
const giveOf = (session: SessionInfo): Act => ({
  label: "delegations.give",
  path: "/delegations",
  permission: "person.read",
  fields: [
    {
      name: "held",
      label: "delegations.role",
      kind: "choice",
      needed: true,
      options: session.roles.map((held) => ({
        value: `${held.role} ${held.organisation.id}`,
        label: `${wordOf("role", held.role)} · ${held.organisation.name}`,
      })),
    },
    {
      name: "deputy_id",
      label: "delegations.deputy",
      kind: "pick",
      from: "/people",
      needed: true,
    },
    { name: "start", label: "start", kind: "instant" },
    { name: "end", label: "end", kind: "instant", needed: true },
    { name: "reason", label: "reason", kind: "text", needed: true },
  ],
  shape: ({ held, ...rest }) => {
    const [role, organisation_id] = String(held).split(" ");
    return { ...rest, role, organisation_id };
  },
});

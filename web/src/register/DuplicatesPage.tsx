import { Table } from "antd";
import type { Twins } from "../api/types";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { may, useSession } from "../session/session";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { codeIn, useSay } from "./words";
import type { Word } from "./zh";
import "./register.css";
import { listed, told } from "../i18n/console/phrases";

const REASON: Field = { name: "reason", label: "reason", kind: "text", needed: true };

/** What looks like one entry entered twice, and the merger of the two. */
export default function DuplicatesPage() {
  const say = useSay();
  const session = useSession().data;
  return (
    <div className="page">
      <PageHead title={say("duplicates")} note={say("duplicates.note")} />
      {session && may(session, "vehicle.write") && (
        <TwinList of="vehicles" title="vehicle.heading" />
      )}
      {session && may(session, "organisation.write") && (
        <TwinList of="organisations" title="organisations" />
      )}
    </div>
  );
}

function TwinList({ of, title }: { of: "vehicles" | "organisations"; title: Word }) {
  const t = useT();
  const say = useSay();
  const list = useList<Twins>(`/duplicates/${of}`, {});
  return (
    <section>
      <h2>{say(title)}</h2>
      <Listing list={list}>
        <Sideways label={say(title)} least={560}>
          <Table
            size="small"
            rowKey={(twins) => `${twins.same}${twins.value}`}
            loading={list.loading}
            pagination={false}
            dataSource={list.items}
            locale={{ emptyText: t("common.none") }}
            columns={[
              {
                title: say("duplicates.same"),
                width: 260,
                render: (_, twins) => told(codeIn(say, "same", twins.same), twins.value),
              },
              {
                title: say("duplicates.members"),
                render: (_, twins) => listed(twins.members.map((one) => one.name)),
              },
              {
                title: say("duplicates.merge"),
                width: 120,
                render: (_, twins) => <ActButton act={mergeOf(of, twins)} />,
              },
            ]}
          />
        </Sideways>
      </Listing>
    </section>
  );
}

/** Twins of one name are told apart by their order. */
const mergeOf = (of: "vehicles" | "organisations", twins: Twins): Act => {
  const options = twins.members.map((one, n) => ({
    value: one.id,
    label: `${n + 1} · ${one.name}`,
  }));
  return {
    label: "duplicates.merge",
    path: `/duplicates/${of}/merge`,
    permission: of === "vehicles" ? "vehicle.write" : "organisation.write",
    danger: true,
    fields: [
      { name: "keep_id", label: "duplicates.keep", kind: "choice", options, needed: true },
      { name: "drop_id", label: "duplicates.drop", kind: "choice", options, needed: true },
      REASON,
    ],
  };
};

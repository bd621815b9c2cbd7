import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { read } from "../api/client";
import type { Retention } from "../api/types";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { dayOf } from "../time/format";
import { ActButton } from "./ActButton";
import { codeIn, useSay } from "./words";

type Rule = Retention["items"][number];

/** How long each kind of data is kept; what is held by a case stays longer. */
export default function RetentionPage() {
  const say = useSay();
  const { data, isPending } = useQuery({
    queryKey: ["/retention"],
    queryFn: () => read<Retention>("/retention"),
  });
  return (
    <div className="page">
      <PageHead title={say("retention")} />
      <Sideways label={say("retention")} least={480}>
        <Table
          size="small"
          rowKey="kind"
          loading={isPending}
          pagination={false}
          dataSource={data?.items ?? []}
          columns={[
            { title: say("retention.kind"), render: (_, one) => codeIn(say, "data", one.kind) },
            { title: say("retention.days"), dataIndex: "keep_days" },
            { title: say("retention.minimum"), dataIndex: "minimum_days" },
            { title: say("retention.before"), render: (_, one) => dayOf(one.before) },
            { title: say("state"), render: (_, one) => <Change rule={one} /> },
          ]}
        />
      </Sideways>
    </div>
  );
}

function Change({ rule }: { rule: Rule }) {
  return (
    <ActButton
      act={{
        label: "people.change",
        method: "PUT",
        path: "/retention",
        permission: "retention.write",
        fields: [
          {
            name: "keep_days",
            label: "retention.days",
            kind: "number",
            needed: true,
            initial: rule.keep_days,
          },
          { name: "reason", label: "reason", kind: "text", needed: true },
        ],
        shape: ({ keep_days, reason }) => ({ rules: [{ kind: rule.kind, keep_days }], reason }),
      }}
    />
  );
}

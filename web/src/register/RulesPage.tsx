import { useQuery } from "@tanstack/react-query";
import { Alert, Table } from "antd";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { RuleValue, RuleValues } from "../api/types";
import { useFilter } from "../console/filters";
import { PageHead } from "../console/PageHead";
import { Sideways } from "../console/Sideways";
import { useT } from "../i18n/console/words";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { Picker } from "./Picker";
import { formOf, ruleText } from "./ruleForms";
import { codeIn, useSay } from "./words";
import "./register.css";

const REASON: Field = { name: "reason", label: "reason", kind: "text" };

/** The rules that levels inherit: what holds in an organisation, who said it, and a new value. */
export default function RulesPage() {
  const t = useT();
  const say = useSay();
  const [organisation, setOrganisation] = useFilter("organisation_id");
  const { data, error, isPending } = useQuery({
    queryKey: ["/rules/values", organisation],
    queryFn: () => read<RuleValues>("/rules/values", { organisation_id: organisation }),
  });
  return (
    <div className="page">
      <PageHead title={say("rules")} note={data?.organisation.name}>
        <div style={{ width: 260 }}>
          <Picker
            from="/organisations"
            label={say("organisation")}
            {...(organisation ? { value: organisation } : {})}
            onChange={(id) => setOrganisation(typeof id === "string" ? id : "")}
          />
        </div>
      </PageHead>
      {error && <Alert type="error" showIcon title={sentenceOf(t, error)} />}
      <Sideways label={say("rules")} least={900}>
        <Table<RuleValue>
          size="small"
          rowKey="key"
          loading={isPending}
          pagination={false}
          dataSource={data?.items ?? []}
          columns={[
            { title: say("rules.sentence"), render: (_, rule) => codeIn(say, "rules", rule.key) },
            { title: say("rules.value"), render: (_, rule) => ruleText(rule, say) },
            {
              title: say("rules.by"),
              render: (_, rule) => rule.said_by?.name ?? say("rules.default"),
              width: 200,
            },
            {
              title: say("open_below"),
              render: (_, rule) => say(rule.open_below ? "yes" : "no"),
              width: 120,
            },
            {
              title: say("state"),
              width: 260,
              render: (_, rule) =>
                rule.may_change ? (
                  <div className="acts">
                    {actsOn(rule, data?.organisation.id ?? "").map((act) => (
                      <ActButton key={act.label} act={act} />
                    ))}
                  </div>
                ) : (
                  <span className="aside">{say("rules.closed")}</span>
                ),
            },
          ]}
        />
      </Sideways>
    </div>
  );
}

function actsOn(rule: RuleValue, organisationId: string): Act[] {
  const fixed = { organisation_id: organisationId };
  const common = { permission: "rule.write", fixed } as const;
  const form = formOf(rule);
  return [
    ...(form
      ? [
          {
            ...common,
            label: "rules.change",
            method: "PUT",
            path: `/rules/values/${rule.key}`,
            ...form,
          } satisfies Act,
        ]
      : []),
    ...(rule.said_by?.id === organisationId
      ? [
          {
            ...common,
            label: "rules.end",
            path: `/rules/values/${rule.key}/end`,
            fields: [REASON],
          } satisfies Act,
        ]
      : []),
  ];
}

import { useQuery } from "@tanstack/react-query";
import { Alert, Table } from "antd";
import { read } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { RuleValue, RuleValues } from "../api/types";
import { useFilter } from "../console/filters";
import { PageHead } from "../console/PageHead";
import { useT } from "../i18n/console/words";
import { ActButton } from "./ActButton";
import type { Act, Field } from "./acts";
import { CATEGORIES } from "./codes";
import { Picker } from "./Picker";
import { codeIn, type Say, useSay } from "./words";
import "./register.css";

interface UseType {
  category: string;
  code: string;
  name: string;
}

const REASON: Field = { name: "reason", label: "reason", kind: "text" };
const OPEN: Field = { name: "open_below", label: "open_below", kind: "flag" };

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
    </div>
  );
}

const typesIn = (value: unknown): UseType[] => (Array.isArray(value) ? value : []);

function ruleText(rule: RuleValue, say: Say) {
  if (typeof rule.value === "number") return `${rule.value} ${rule.unit ?? ""}`.trim();
  if (rule.key !== "use_types") return codeIn(say, "exceeding", String(rule.value));
  const types = typesIn(rule.value);
  if (types.length === 0) return "—";
  return types.map((one) => `${codeIn(say, "category", one.category)} · ${one.name}`).join("；");
}

function actsOn(rule: RuleValue, organisationId: string): Act[] {
  const fixed = { organisation_id: organisationId };
  const common = { permission: "rule.write", fixed } as const;
  return [
    {
      ...common,
      label: "rules.change",
      method: "PUT",
      path: `/rules/values/${rule.key}`,
      ...formOf(rule),
    },
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

/** A number, a choice of two, or one more entry of the list of use types. */
function formOf(rule: RuleValue): Pick<Act, "fields" | "shape"> {
  if (typeof rule.value === "number") {
    return {
      fields: [
        {
          name: "value",
          label: "rules.value",
          kind: "number",
          needed: true,
          initial: rule.value,
        },
        { ...OPEN, initial: rule.open_below },
        REASON,
      ],
    };
  }
  if (rule.key !== "use_types") {
    return {
      fields: [
        {
          name: "value",
          label: "rules.value",
          kind: "choice",
          family: "exceeding",
          codes: ["refuse", "flag"],
          needed: true,
          initial: rule.value,
        },
        { ...OPEN, initial: rule.open_below },
        REASON,
      ],
    };
  }
  return {
    fields: [
      {
        name: "category",
        label: "vehicle.category",
        kind: "choice",
        codes: CATEGORIES,
        needed: true,
      },
      { name: "code", label: "rules.code", kind: "text", needed: true },
      { name: "name", label: "name", kind: "text", needed: true },
      { ...OPEN, initial: rule.open_below },
      REASON,
    ],
    shape: ({ category, code, name, ...rest }) => ({
      ...rest,
      value: [...typesIn(rule.value), { category, code, name }],
    }),
  };
}

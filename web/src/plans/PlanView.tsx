import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { type Problem, read, write } from "../api/client";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { kilometres, momentOf } from "../time/format";
import { FirstBroken } from "./FirstBroken";
import { PlanLines } from "./PlanLines";
import type { PlanDetail } from "./types";
import { useWords } from "./words";

/** A plan is made within a minute: it is asked for again so often until then. */
export const AGAIN_MS = 1_500;

/** One plan: what it adds up to, what breaks first, its lines, and their confirmation. */
export function PlanView({ id }: { id: string }) {
  const t = useT();
  const say = useWords();
  const client = useQueryClient();
  const key = ["/plans", id];
  const asked = useQuery({
    queryKey: key,
    queryFn: () => read<PlanDetail>(`/plans/${id}`),
    refetchInterval: ({ state }) => (state.data?.state === "asked" ? AGAIN_MS : false),
  });
  const confirm = useMutation<PlanDetail, Problem, string[] | null>({
    mutationFn: (requests) =>
      write(`/plans/${id}/confirmation`, requests ? { request_ids: requests } : {}),
    onSuccess: (told) => client.setQueryData(key, told),
    onSettled: () => {
      for (const list of ["/plans", "/requests", "/orders", "/board", "/board/reservations"])
        void client.invalidateQueries({ queryKey: [list] });
    },
  });
  const plan = known(asked);
  const failure = asked.error && <Alert type="error" showIcon title={sentenceOf(t, asked.error)} />;
  if (!plan) return failure ?? <Spin />;
  return (
    <>
      {failure}
      <p className="plan-note">
        {say("asked.by", { name: plan.asked_by.name, time: momentOf(plan.asked_at) })}
      </p>
      {plan.state === "asked" && <p role="status">{say("plan.asking")}</p>}
      {plan.state === "replaced" && <Alert type="info" showIcon title={say("plan.older")} />}
      {plan.sentence && <Alert type="warning" showIcon title={plan.sentence} />}
      <Figures plan={plan} />
      <FirstBroken plan={plan} />
      {confirm.error && <Alert type="error" showIcon title={sentenceOf(t, confirm.error)} />}
      {confirm.data && <Confirmed plan={confirm.data} sent={confirm.variables} />}
      {plan.figures && (
        <PlanLines plan={plan} pending={confirm.isPending} onConfirm={confirm.mutate} />
      )}
    </>
  );
}

function Figures({ plan }: { plan: PlanDetail }) {
  const t = useT();
  const say = useWords();
  const { figures } = plan;
  if (!figures) return null;
  const facts = [
    [say("rides"), figures.rides],
    [say("rides.promised"), figures.promised],
    [say("served"), figures.served],
    [say("shared"), figures.shared],
    [say("vehicles"), figures.vehicles],
    [say("drivers"), figures.drivers],
    [say("empty_m"), t("common.km", { n: kilometres(figures.empty_m) })],
  ];
  return (
    <dl className="plan-figures">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What came of a confirmation of these requests' lines, or of all. */
function Confirmed({ plan, sent }: { plan: PlanDetail; sent: string[] | null | undefined }) {
  const say = useWords();
  const count = (state: string) => plan.lines.filter((line) => line.state === state).length;
  const refused = count("refused");
  const left = plan.lines.filter(
    (line) => line.state === "proposed" && (!sent || sent.includes(line.request_id)),
  ).length;
  return (
    <Alert
      type={refused + left > 0 ? "warning" : "success"}
      showIcon
      role="status"
      title={say("confirmed", { done: count("confirmed"), refused })}
      description={left > 0 && say("left", { n: left })}
    />
  );
}

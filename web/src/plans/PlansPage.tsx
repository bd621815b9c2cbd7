import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { SessionInfo } from "../api/types";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { Picker } from "../register/Picker";
import { useSession } from "../session/session";
import { dayEnd, dayOf, dayStart, momentOf } from "../time/format";
import { Endangered } from "./Endangered";
import { AGAIN_MS, PlanView } from "./PlanView";
import { PromisedHours } from "./PromisedHours";
import type { PlanItem } from "./types";
import { useWords } from "./words";
import "./plans.css";

const DAY_MS = 86_400_000;
const MOST_DAYS_AHEAD = 31;

/** Advance bookings: what is promised by the hour, and a day's plan that somebody confirms. */
export default function PlansPage() {
  const t = useT();
  const say = useWords();
  const session = useSession().data;
  const now = Date.now();
  const [asked, setDay] = useFilter("day", dayOf(now + DAY_MS));
  const [unit, setUnit] = useFilter("unit");
  const day = Number.isNaN(Date.parse(dayStart(asked))) ? dayOf(now + DAY_MS) : asked;
  const own = ownOf(session);
  const organisation = unit || own?.id || "";
  return (
    <div className="page">
      <PageHead title={say("heading")} note={say("note")}>
        <Input
          type="date"
          value={day}
          aria-label={say("day")}
          max={dayOf(now + MOST_DAYS_AHEAD * DAY_MS)}
          onChange={(event) => setDay(event.target.value)}
        />
        <div className="plan-unit">
          <Picker
            from="/organisations"
            label={say("organisation")}
            placeholder={own?.name ?? say("organisation")}
            {...(unit ? { value: unit } : {})}
            onChange={(chosen) => setUnit(typeof chosen === "string" ? chosen : "")}
          />
        </div>
      </PageHead>
      <PromisedHours start={dayStart(day)} end={dayEnd(day)} organisation={unit} />
      {organisation && <Endangered organisation={organisation} />}
      {organisation ? (
        <DayPlan key={organisation + day} organisation={organisation} day={day} />
      ) : (
        <p>{t("common.none")}</p>
      )}
    </div>
  );
}

/** The organisation for which one dispatches, unless another is chosen. */
const ownOf = (session: SessionInfo | null | undefined) =>
  (session?.roles.find(({ role }) => role === "dispatcher") ?? session?.roles[0])?.organisation;

function DayPlan({ organisation, day }: { organisation: string; day: string }) {
  const t = useT();
  const say = useWords();
  const client = useQueryClient();
  const [picked, pick] = useFilter("p");
  const list = useList<PlanItem>(
    "/plans",
    { organisation_id: organisation, day },
    { refetch_ms: AGAIN_MS * 10 },
  );
  const shown = list.items.find((plan) => plan.id === picked) ?? list.items[0];
  const ask = useMutation<PlanItem, Problem>({
    mutationFn: () => write("/plans", { day, organisation_id: organisation }),
    onSuccess: ({ id }) => pick(id),
    onSettled: () => client.invalidateQueries({ queryKey: ["/plans"] }),
  });
  return (
    <section className="plan" aria-labelledby="plan">
      <header>
        <h2 id="plan">{say("plan")}</h2>
        <Button loading={ask.isPending} onClick={() => ask.mutate()}>
          {say("ask")}
        </Button>
      </header>
      {ask.error && <Alert type="error" showIcon title={sentenceOf(t, ask.error)} />}
      {!shown && !list.loading && !list.error && <p>{say("plan.none")}</p>}
      {shown && <PlanView key={shown.id} id={shown.id} />}
      <Listing list={list}>
        {list.items.length > 1 && (
          <nav className="plan-versions" aria-label={say("versions")}>
            {list.items.map((plan) => (
              <button
                key={plan.id}
                type="button"
                aria-pressed={plan.id === shown?.id}
                onClick={() => pick(plan.id)}
              >
                {momentOf(plan.asked_at)} · {say(`plan.${plan.state}`)}
              </button>
            ))}
          </nav>
        )}
      </Listing>
    </section>
  );
}

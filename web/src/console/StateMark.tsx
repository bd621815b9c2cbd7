import { wordOf } from "../i18n/words";

/** The tone of a state: waiting for somebody, running, well ended, ended otherwise. */
const TONES: Record<string, "wait" | "run" | "done" | "off"> = {
  unit_review: "wait",
  authority_review: "wait",
  awaiting_dispatch: "wait",
  sent_back: "wait",
  confirming: "wait",
  settling: "wait",
  assigned: "run",
  accepted: "run",
  departed: "run",
  arrived: "run",
  returning: "run",
  returned: "run",
  settled: "done",
  archived: "done",
};

/** A state's label with its tone; the word always stands, colour only helps. */
export function StateMark({ state }: { state: string }) {
  return <span className={`state ${TONES[state] ?? "off"}`}>{wordOf("state", state)}</span>;
}

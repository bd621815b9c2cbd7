import { wordOf } from "../i18n/words";

const WAITING = new Set(["unit_review", "authority_review", "awaiting_dispatch", "confirming"]);
const ENDED = new Set(["archived", "settled"]);
const OFF = new Set(["rejected", "withdrawn", "cancelled", "interrupted", "draft"]);

const tone = (state: string): string =>
  WAITING.has(state) ? "wait" : ENDED.has(state) ? "done" : OFF.has(state) ? "off" : "run";

export function StatePill({ state }: { state: string }) {
  return <span className={`pill ${tone(state)}`}>{wordOf("state", state)}</span>;
}

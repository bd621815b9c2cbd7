import { Alert, Button, Input, type InputRef } from "antd";
import { type RefObject, useState } from "react";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { hasWord, wordOf } from "../i18n/words";
import { StaleNotice } from "../requests/StaleNotice";
import { periodOf } from "../time/format";
import type { MoveCheck } from "./types";
import type { Move, Moving } from "./useMove";
import { useWords } from "./words";

interface Props {
  move: Move;
  moving: Moving;
  reasonField: RefObject<InputRef | null>;
}

/** What speaks against a move, said before it is made, and the reason that it is made with. */
export function MovePanel({ move, moving, reasonField }: Props) {
  const t = useT();
  const say = useWords();
  const [reason, setReason] = useState("");
  const { told, drop } = move;
  const override = (told?.objections.length ?? 0) > 0;
  const ready = told !== null && told.refusal === null && reason.trim() !== "";
  const what = moving.order.destination ?? say("service");
  return (
    <form
      className="board-move"
      aria-label={say("move")}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) drop.mutate({ reason: reason.trim(), override });
      }}
      onKeyDown={(event) => event.key === "Escape" && move.stop()}
    >
      <p>
        <strong>{say("move.from", { plate: moving.from.plate, what })}</strong>{" "}
        {periodOf(moving.bar.period)}
        {" · "}
        {moving.to ? (
          <>
            {say("move.to")} <strong className="plate">{moving.to.plate}</strong>
          </>
        ) : (
          say("move.choose")
        )}
      </p>
      <div role="status" className="board-told">
        {moving.to && !told && !move.failure && <p>{say("move.asking")}</p>}
        {told && <Told told={told} move={move} />}
        {move.failure && <Alert type="error" showIcon title={sentenceOf(t, move.failure)} />}
      </div>
      {drop.error && <StaleNotice problem={drop.error} />}
      <div className="board-drop">
        <Input
          ref={reasonField}
          value={reason}
          maxLength={500}
          aria-label={say("move.reason")}
          placeholder={say("move.reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={!ready} loading={drop.isPending}>
          {say(override ? "move.anyway" : "move.do")} <kbd>Enter</kbd>
        </Button>
        <Button onClick={move.stop}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}

function Told({ told, move }: { told: MoveCheck; move: Move }) {
  const say = useWords();
  const { refusal, objections } = told;
  if (refusal) {
    const known = hasWord("error", refusal.type);
    return (
      <Alert
        type="error"
        showIcon
        title={`${say("move.refused")}${known ? wordOf("error", refusal.type) : refusal.sentence}`}
        description={
          <>
            {refusal.in_the_way.map((one) => (
              <p key={one.start}>
                {say("move.overlaps", { period: periodOf({ start: one.start, end: one.end }) })}
              </p>
            ))}
            {refusal.alternatives.length > 0 && (
              <p>
                {say("move.instead")}
                {refusal.alternatives.map((one) => (
                  <Button key={one.id} size="small" onClick={() => move.aim(one)}>
                    {one.plate}
                  </Button>
                ))}
              </p>
            )}
          </>
        }
      />
    );
  }
  if (objections.length === 0) return <Alert type="success" showIcon title={say("move.free")} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={say("move.against")}
      description={
        <ul>
          {objections.map((one) => (
            <li key={one.rule + one.sentence}>{one.sentence}</li>
          ))}
        </ul>
      }
    />
  );
}

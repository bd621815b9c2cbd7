import { Alert, Button, Input, type InputRef, Segmented } from "antd";
import { useRef } from "react";
import { useFilter } from "../console/filters";
import { Listing } from "../console/Listing";
import { PageHead } from "../console/PageHead";
import { useList } from "../console/useList";
import { useSettled } from "../console/useSettled";
import { useT } from "../i18n/console/words";
import { useSession } from "../session/session";
import { dayOf, dayStart } from "../time/format";
import { BoardGrid } from "./BoardGrid";
import { MovePanel } from "./MovePanel";
import type { BoardRow } from "./types";
import { Unbound } from "./Unbound";
import { useMove } from "./useMove";
import { useWords } from "./words";
import "./board.css";

const DAY_MS = 86_400_000;

/** Vehicles × time: what is bound, what is in the way, what was driven; bars move once checked. */
export default function BoardPage() {
  const t = useT();
  const say = useWords();
  const now = Date.now();
  const today = dayOf(now);
  const [day, setDay] = useFilter("day", today);
  const [days, setDays] = useFilter("days", "1");
  const [q, setQ] = useFilter("q");
  const search = useSettled(q, 250);
  const reasonField = useRef<InputRef>(null);
  const move = useMove();
  const session = useSession();
  const window = windowOf(day, days === "7" ? 7 : 1);
  const start = new Date(window.start).toISOString();
  const end = new Date(window.end).toISOString();
  const list = useList<BoardRow>("/board", { start, end, q: search }, { refetch_ms: 15_000 });
  const readsRequests = session.data?.permissions.includes("request.read");
  return (
    <div className="page">
      <PageHead title={say("heading")} note={say("note")}>
        <Input
          allowClear
          data-search
          value={q}
          maxLength={20}
          style={{ width: 150 }}
          aria-label={t("common.plate")}
          placeholder={t("common.plate")}
          onChange={(event) => setQ(event.target.value)}
        />
        <Input
          type="date"
          value={day}
          aria-label={say("day")}
          onChange={(event) => setDay(event.target.value)}
        />
        <Button onClick={() => setDay(today)}>{say("today")}</Button>
        <Segmented
          value={days === "7" ? "7" : "1"}
          aria-label={say("days")}
          onChange={setDays}
          options={[
            { value: "1", label: say("days.1") },
            { value: "7", label: say("days.7") },
          ]}
        />
      </PageHead>
      {readsRequests && <Unbound start={start} end={end} />}
      {!move.moving && move.drop.data && (
        <Alert
          type="success"
          showIcon
          role="status"
          title={say("move.done", { plate: move.drop.data.vehicle?.plate ?? "" })}
        />
      )}
      <Listing list={list}>
        {list.items.length === 0 && !list.loading ? (
          <p>{say("none")}</p>
        ) : (
          <BoardGrid rows={list.items} {...{ window, now, move, reasonField }} />
        )}
      </Listing>
      {/* Below the rows: they must not move away under a bar that is dragged. */}
      {move.moving && (
        <MovePanel
          key={move.moving.order.id}
          move={move}
          moving={move.moving}
          reasonField={reasonField}
        />
      )}
    </div>
  );
}

/** Whole days of Shanghai; an address that names no day shows today. */
function windowOf(day: string, days: number) {
  const asked = Date.parse(dayStart(day));
  const start = Number.isNaN(asked) ? Date.parse(dayStart(dayOf(Date.now()))) : asked;
  return { start, end: start + days * DAY_MS };
}

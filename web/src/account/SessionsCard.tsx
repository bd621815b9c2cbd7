import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { read, remove } from "../api/client";
import type { Page, SessionItem } from "../api/types";
import { useT } from "../i18n/console/words";
import { useWords } from "../session/words";
import { instantText } from "./instants";
import { useAct } from "./useAct";

/** One's own sessions: where each is, and a way to end it. */
export function SessionsCard() {
  const { w } = useWords();
  const t = useT();
  const { busy, problem, run } = useAct("sessions");
  const sessions = useInfiniteQuery({
    queryKey: ["sessions"],
    queryFn: ({ pageParam }) => read<Page<SessionItem>>("/sessions", { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <ul className="rows">
        {rows.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.address ?? "—"}</strong> {one.current && w("session.current")}
              <br />
              <span>{w("session.seen", { when: instantText(one.last_seen_at) })}</span>
              <br />
              <span>{one.agent}</span>
            </div>
            <Button
              disabled={busy || one.current}
              onClick={() => void run(() => remove(`/sessions/${one.id}`))}
            >
              {w("session.end")}
            </Button>
          </li>
        ))}
      </ul>
      {problem && <p role="alert">{problem}</p>}
      {sessions.hasNextPage && (
        <Button onClick={() => void sessions.fetchNextPage()}>{t("common.more")}</Button>
      )}
    </>
  );
}

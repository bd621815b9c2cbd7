import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { Link } from "wouter";
import { read } from "../api/client";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { periodOf } from "../time/format";
import type { EndangeredList } from "./types";
import { useWords } from "./words";

/** What an organisation can't keep of what it has promised, each with why; nothing while all holds. */
export function Endangered({ organisation }: { organisation: string }) {
  const t = useT();
  const say = useWords();
  const found = useQuery({
    queryKey: ["/reservations/endangered", organisation],
    queryFn: () =>
      read<EndangeredList>("/reservations/endangered", { organisation_id: organisation }),
    refetchInterval: 30_000,
  });
  const items = known(found)?.items ?? [];
  return (
    <>
      {found.error && <Alert type="error" showIcon title={sentenceOf(t, found.error)} />}
      {items.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={say("endangered", { n: items.length })}
          description={
            <ul className="plan-links">
              {items.map(({ reservation, sentence }) => (
                <li key={reservation.id}>
                  {periodOf(reservation.ride)} {sentence}{" "}
                  <Link href={`/queue?r=${reservation.request_id}`}>{say("queue")}</Link>
                </li>
              ))}
            </ul>
          }
        />
      )}
    </>
  );
}

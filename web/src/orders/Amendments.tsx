import { useQuery } from "@tanstack/react-query";
import { read } from "../api/client";
import type { Order, SlipContent } from "../api/types";
import { useT } from "../i18n/console/words";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";

/** What was changed after the slip was issued: the slip itself is never rewritten. */
export function Amendments({ order }: { order: Order }) {
  const t = useT();
  const slip = useQuery({
    queryKey: ["/orders", order.id, "slip", order.revision],
    queryFn: () => read<SlipContent>(`/orders/${order.id}/slip`, { format: "json" }),
    enabled: order.slip !== null,
  });
  const amendments = slip.data?.amendments ?? [];
  if (amendments.length === 0) return null;
  return (
    <>
      <h2 className="part">{t("orders.amendments")}</h2>
      <ol className="amendments">
        {amendments.map(({ number, item, action, label, was, becomes, by, at, reason }) => (
          <li key={number + item}>
            <strong>
              {number} {wordOf("act", action)}
            </strong>
            <span>
              {label} <s>{was}</s> → <b>{becomes}</b>
            </span>
            <small>
              {by} · <time dateTime={at}>{momentOf(at)}</time>
              {reason && ` · ${reason}`}
            </small>
          </li>
        ))}
      </ol>
    </>
  );
}

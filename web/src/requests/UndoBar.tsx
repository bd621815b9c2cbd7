import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { type Problem, write } from "../api/client";
import type { Order } from "../api/types";
import { useT } from "../i18n/console/words";
import { StaleNotice } from "./StaleNotice";
import { isUndo, useKey } from "./useKey";

interface Props {
  /** The order that was made last on this page. */
  order: Order;
  onUndone: (order: Order) => void;
  onClose: () => void;
}

/** Tells what was just assigned, and takes it back by one key while the driver has not accepted. */
export function UndoBar({ order, onUndone, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [undone, setUndone] = useState(false);
  const undo = useMutation<Order, Problem>({
    mutationFn: () => write(`/orders/${order.id}/undo`, { revision: order.revision }),
    onSuccess: () => {
      setUndone(true);
      onUndone(order);
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["/requests"] }),
        client.invalidateQueries({ queryKey: ["/orders"] }),
      ]),
  });
  const ready = !undone && !undo.isPending;
  useKey(isUndo, ready ? () => undo.mutate() : null);
  const plate = order.vehicle?.plate ?? "";
  return (
    <div className="undo-bar" role="status">
      {undo.error && <StaleNotice problem={undo.error} />}
      <span>
        {t(undone ? "queue.undone" : "queue.assigned", { plate })}
        {!undone && order.driver && ` · ${order.driver.name}`}
        {!undone && order.slip && ` · ${order.slip.number_text}`}
      </span>
      {!undone && (
        <Button loading={undo.isPending} onClick={() => undo.mutate()}>
          {t("queue.undo")} <kbd>Z</kbd>
        </Button>
      )}
      <button type="button" className="quiet" aria-label={t("common.close")} onClick={onClose}>
        ×
      </button>
    </div>
  );
}

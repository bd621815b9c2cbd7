import { useEffect, useState } from "react";
import type { RideRequest } from "../api/types";
import { useFilter } from "../console/filters";

/**
 * Which request of the queue is on view. It stays while the queue moves around it: neither one that
 * comes in nor one that somebody else assigns may put another request under the dispatcher's key.
 */
export function useChosen(items: readonly RideRequest[]) {
  const [picked, pick] = useFilter("r");
  const [held, hold] = useState("");
  const [acted, setActed] = useState<RideRequest | null>(null);
  // What was just assigned here stays in the list until it is read again.
  const waiting = items.filter(
    ({ id, revision }) => id !== acted?.id || revision !== acted.revision,
  );
  const wanted = picked || held;
  const found = waiting.find((request) => request.id === wanted);
  const gone = !found && wanted !== "" && wanted === held;
  const chosen = found ?? (gone ? undefined : waiting[0]);
  const id = chosen?.id;
  useEffect(() => {
    if (id) hold(id);
  }, [id]);

  /** The next one is on view from now on. */
  function done() {
    setActed(chosen ?? null);
    hold("");
    pick("");
  }

  return { waiting, chosen, gone, pick, done };
}

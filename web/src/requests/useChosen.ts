import { useEffect, useState } from "react";
import { useFilter } from "../console/filters";

interface Entry {
  id: string;
  revision: number;
}

/**
 * Which entry of a queue is on view. It stays while the queue moves around it: neither one that
 * comes in nor one that somebody else deals with may put another one under this person's key.
 */
export function useChosen<Item extends Entry>(items: readonly Item[]) {
  const [picked, pick] = useFilter("r");
  const [held, hold] = useState("");
  const [acted, setActed] = useState<Entry | null>(null);
  // What was just dealt with here stays in the list until it is read again.
  const waiting = items.filter(
    ({ id, revision }) => id !== acted?.id || revision !== acted.revision,
  );
  const wanted = picked || held;
  const found = waiting.find((item) => item.id === wanted);
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

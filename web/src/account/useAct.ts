import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../api/client";
import { useWords } from "../session/words";

/**
 * Runs one act at a time, tells why it failed, and reads `key` anew when it has not; `stale` is
 * whether it failed for want of a fresh log-in by the provider.
 */
export function useAct(key: string) {
  const client = useQueryClient();
  const { refusal } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [stale, setStale] = useState(false);

  async function run(act: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(null);
    setStale(false);
    try {
      await act();
      await client.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      setProblem(refusal(error));
      setStale(error instanceof Problem && error.type === "log-in-too-old");
    } finally {
      setBusy(false);
    }
  }

  return { busy, problem, stale, setProblem, run };
}

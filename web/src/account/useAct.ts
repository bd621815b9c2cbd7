import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../session/words";

/** Runs one act at a time, tells why it failed, and reads `key` anew when it has not. */
export function useAct(key: string) {
  const client = useQueryClient();
  const { refusal } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run(act: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      await client.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      setProblem(refusal(error));
    } finally {
      setBusy(false);
    }
  }

  return { busy, problem, setProblem, run };
}

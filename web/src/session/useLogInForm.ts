import { type FormEvent, useState } from "react";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/language";
import { useSessionActs } from "./session";

/** State of a log-in form, shared by console and phone. */
export function useLogInForm() {
  const t = useT();
  const { logIn } = useSessionActs();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await logIn(String(form.get("username") ?? ""), String(form.get("password") ?? ""));
    } catch (error) {
      setProblem(sentenceOf(t, error));
    } finally {
      setBusy(false);
    }
  }

  return { busy, problem, submit };
}

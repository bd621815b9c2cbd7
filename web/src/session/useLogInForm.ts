import { type FormEvent, useState } from "react";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/language";
import { type Challenge, challengeIn, useSessionActs } from "./session";

/** State of a log-in form, shared by console and phone; `challenge` is what to show in its place. */
export function useLogInForm() {
  const t = useT();
  const { logIn } = useSessionActs();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [challenge, setChallenge] = useState<Challenge | null>(challengeIn);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const username = String(form.get("username") ?? "");
      setChallenge(await logIn(username, String(form.get("password") ?? "")));
    } catch (error) {
      setProblem(sentenceOf(t, error));
    } finally {
      setBusy(false);
    }
  }

  return { busy, problem, submit, challenge };
}

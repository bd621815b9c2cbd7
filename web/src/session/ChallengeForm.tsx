import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { write } from "../api/client";
import type { SessionInfo } from "../api/types";
import { NewPassword, newPasswordIn } from "./NewPassword";
import { type Enrolment, QrCode, RecoveryCodes } from "./QrCode";
import { type Challenge, useSessionActs } from "./session";
import { useWords, type Word } from "./words";
import "./session.css";

type Opened = SessionInfo & { recovery_codes?: string[] };

const TITLES: Record<string, [Word, Word]> = {
  totp: ["code.title", "code.lead"],
  enrol: ["enrol.title", "enrol.lead"],
  new_password: ["expired.title", "expired.lead"],
};

/** What a log-in still needs: a code, a second factor to set up, or a new password. */
export default function ChallengeForm({ first }: { first: Challenge }) {
  const { w, refusal } = useWords();
  const { take } = useSessionActs();
  const [challenge, setChallenge] = useState(first);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => history.replaceState(null, "", location.pathname), []);
  const [title, lead] = TITLES[challenge.kind] ?? TITLES.totp ?? ["code.title", "code.lead"];

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body =
      challenge.kind === "new_password"
        ? { new_password: newPasswordIn(form) }
        : { code: String(form.get("code") ?? "").trim() };
    if ("new_password" in body && body.new_password === null) {
      setProblem(w("password.differ"));
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const answer = await write<Opened | Challenge>("/session/challenge", {
        challenge: challenge.challenge,
        ...body,
      });
      if ("challenge" in answer) setChallenge(answer);
      else if (answer.recovery_codes) setOpened(answer);
      else take(answer);
    } catch (error) {
      setProblem(refusal(error));
    } finally {
      setBusy(false);
    }
  }

  if (opened) {
    return (
      <div className="factor">
        <h1>{w("recovery.title")}</h1>
        <RecoveryCodes codes={opened.recovery_codes ?? []} />
        <button type="button" onClick={() => take(opened)}>
          {w("go")}
        </button>
      </div>
    );
  }
  return (
    <form className="factor" onSubmit={submit} key={challenge.challenge}>
      <h1>{w(title)}</h1>
      <p>{w(lead)}</p>
      {challenge.kind === "enrol" && <Enrol challenge={challenge.challenge} />}
      {challenge.kind === "new_password" ? (
        <NewPassword />
      ) : (
        <label>
          {w("code.label")}
          <input name="code" autoComplete="one-time-code" maxLength={40} required />
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      <button type="submit" disabled={busy}>
        {w("go")}
      </button>
    </form>
  );
}

function Enrol({ challenge }: { challenge: string }) {
  const { refusal } = useWords();
  const enrolment = useQuery({
    queryKey: ["enrolment", challenge],
    queryFn: () => write<Enrolment>("/session/challenge/enrolment", { challenge }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  if (enrolment.error) return <p role="alert">{refusal(enrolment.error)}</p>;
  return enrolment.data ? <QrCode enrolment={enrolment.data} /> : null;
}

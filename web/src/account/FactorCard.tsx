import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { read, send, write } from "../api/client";
import { type Enrolment, QrCode, RecoveryCodes } from "../session/QrCode";
import { useWords } from "../session/words";
import { FreshLogIn } from "./FreshLogIn";
import { instantText } from "./instants";
import { useAct } from "./useAct";

interface Factor {
  since: string | null;
  recovery_codes_left: number;
}
interface Codes {
  recovery_codes: string[];
}

/** One's own second factor: set up by password and code, removed or renewed by both. */
export function FactorCard() {
  const { w } = useWords();
  const { busy, problem, stale, run } = useAct("second-factor");
  const factor = useQuery({
    queryKey: ["second-factor"],
    queryFn: () => read<Factor>("/session/second-factor"),
  });
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (!factor.data) return null;
  const { since, recovery_codes_left: left } = factor.data;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password") ?? "") || null;
    const code = String(form.get("code") ?? "").trim();
    const wanted = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value");
    void run(async () => {
      if (since !== null && wanted === "renew") {
        const path = "/session/second-factor/recovery-codes";
        setCodes((await write<Codes>(path, { password, code })).recovery_codes);
      } else if (since !== null) {
        await write<void>("/session/second-factor/removal", { password, code });
        setCodes(null);
      } else if (enrolment === null) {
        setEnrolment(await write<Enrolment>("/session/second-factor", { password }));
      } else {
        const made = await send<Codes>("PUT", "/session/second-factor", { code });
        setEnrolment(null);
        setCodes(made.recovery_codes);
      }
    });
  }

  return (
    <form className="factor" onSubmit={submit}>
      <p>{since ? w("factor.on", { since: instantText(since) }) : w("factor.off")}</p>
      {since && <p>{w("recovery.left", { n: left })}</p>}
      {codes && <RecoveryCodes codes={codes} />}
      {enrolment && <p>{w("enrol.lead")}</p>}
      {enrolment && <QrCode enrolment={enrolment} />}
      {!enrolment && (
        <label>
          {w("password.current")}
          <input name="password" type="password" autoComplete="current-password" />
        </label>
      )}
      {(enrolment || since) && (
        <label>
          {w("code.label")}
          <input name="code" autoComplete="one-time-code" maxLength={40} required />
        </label>
      )}
      {problem && <p role="alert">{problem}</p>}
      {stale && <FreshLogIn />}
      {since && (
        <button type="submit" value="renew" disabled={busy}>
          {w("recovery.renew")}
        </button>
      )}
      <button type="submit" value="main" disabled={busy}>
        {since ? w("factor.remove") : enrolment ? w("go") : w("enrol.title")}
      </button>
    </form>
  );
}

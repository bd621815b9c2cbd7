import { type FormEvent, useState } from "react";
import { write } from "../api/client";
import { NewPassword, newPasswordIn } from "../session/NewPassword";
import { useWords } from "../session/words";
import { FreshLogIn } from "./FreshLogIn";
import { useAct } from "./useAct";

export function PasswordCard() {
  const { w } = useWords();
  const { busy, problem, stale, setProblem, run } = useAct("sessions");
  const [done, setDone] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const next = newPasswordIn(form);
    setDone(false);
    if (next === null) {
      setProblem(w("password.differ"));
      return;
    }
    void run(async () => {
      const current = String(form.get("current") ?? "") || null;
      await write<void>("/session/password", { current_password: current, new_password: next });
      element.reset();
      setDone(true);
    });
  }

  return (
    <form className="factor" onSubmit={submit}>
      <label>
        {w("password.current")}
        <input name="current" type="password" autoComplete="current-password" />
      </label>
      <NewPassword />
      {problem && <p role="alert">{problem}</p>}
      {stale && <FreshLogIn />}
      {done && <p role="status">{w("password.done")}</p>}
      <button type="submit" disabled={busy}>
        {w("account.password")}
      </button>
    </form>
  );
}

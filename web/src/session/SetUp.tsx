import { type FormEvent, useEffect, useState } from "react";
import { write } from "../api/client";
import { NewPassword, newPasswordIn } from "./NewPassword";
import { useWords } from "./words";
import "./session.css";

/** The token stands in the fragment, which no server sees. */
const tokenInAddress = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";

/** Where a set-up link leads: a password is set, once. */
export default function SetUp() {
  const { w, refusal } = useWords();
  const [token] = useState(tokenInAddress);
  const [problem, setProblem] = useState<string | null>(null);
  const [username, setUsername] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => history.replaceState(null, "", location.pathname), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = newPasswordIn(new FormData(event.currentTarget));
    if (password === null) {
      setProblem(w("password.differ"));
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const done = await write<{ username: string }>("/session/set-up", { token, password });
      setUsername(done.username);
    } catch (error) {
      setProblem(refusal(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="login">
      <form className="factor" onSubmit={submit}>
        <h1>{w("setup.title")}</h1>
        {username === null ? (
          <>
            <p>{w("setup.lead")}</p>
            <NewPassword />
            {problem && <p role="alert">{problem}</p>}
            <button type="submit" disabled={busy}>
              {w("go")}
            </button>
          </>
        ) : (
          <>
            <p role="status">{w("setup.done", { name: username })}</p>
            <a className="go" href="/">
              {w("setup.login")}
            </a>
          </>
        )}
      </form>
    </main>
  );
}

import { lazy, Suspense } from "react";
import { useT } from "../i18n/language";
import { useLogInForm } from "../session/useLogInForm";

const ChallengeForm = lazy(() => import("../session/ChallengeForm"));
const OidcLink = lazy(() => import("../session/OidcLink"));

export function PhoneLogIn() {
  const t = useT();
  const { busy, problem, submit, challenge } = useLogInForm();
  if (challenge) {
    return (
      <main className="phone-login">
        <Suspense>
          <ChallengeForm first={challenge} />
        </Suspense>
      </main>
    );
  }
  return (
    <main className="phone-login">
      <form onSubmit={submit}>
        <h1>{t("title")}</h1>
        <label>
          {t("login.username")}
          <input name="username" autoComplete="username" autoCapitalize="none" required />
        </label>
        <label>
          {t("login.password")}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="main" disabled={busy}>
          {t("login.submit")}
        </button>
        <Suspense>
          <OidcLink pages="phone" />
        </Suspense>
      </form>
    </main>
  );
}

import { useT } from "../i18n/language";
import { useLogInForm } from "../session/useLogInForm";

export function PhoneLogIn() {
  const t = useT();
  const { busy, problem, submit } = useLogInForm();
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
      </form>
    </main>
  );
}

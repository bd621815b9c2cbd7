import { Alert, Button, Input } from "antd";
import { lazy, Suspense } from "react";
import { useT } from "../i18n/console/words";
import { useLogInForm } from "../session/useLogInForm";
import { LanguageButton } from "./LanguageButton";
import { Mark } from "./Mark";

const ChallengeForm = lazy(() => import("../session/ChallengeForm"));
const OidcLink = lazy(() => import("../session/OidcLink"));

export function LogIn() {
  const t = useT();
  const { busy, problem, submit, challenge } = useLogInForm();
  if (challenge) {
    return (
      <main className="login">
        <Suspense>
          <ChallengeForm first={challenge} />
        </Suspense>
      </main>
    );
  }
  return (
    <main className="login">
      <form className="login-card" onSubmit={submit}>
        <Mark size={44} />
        <h1>{t("title")}</h1>
        <p>{t("login.lead")}</p>
        <label htmlFor="username">{t("login.username")}</label>
        <Input
          id="username"
          name="username"
          autoComplete="username"
          size="large"
          required
          autoFocus
        />
        <label htmlFor="password">{t("login.password")}</label>
        <Input
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          size="large"
          required
        />
        {problem && <Alert type="error" showIcon title={problem} role="alert" />}
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t("login.submit")}
        </Button>
        <Suspense>
          <OidcLink pages="console" />
        </Suspense>
        <footer>
          <LanguageButton />
          <a href="/m">{t("nav.phone")}</a>
        </footer>
      </form>
    </main>
  );
}

import { Card } from "antd";
import { useWords } from "../session/words";
import { FactorCard } from "./FactorCard";
import { PasswordCard } from "./PasswordCard";
import { SessionsCard } from "./SessionsCard";
import { TokensCard } from "./TokensCard";
import "../session/session.css";
import "./account.css";

/** What keeps one's own account safe: password, second factor, sessions, API tokens. */
export default function AccountPage() {
  const { w } = useWords();
  return (
    <div className="account">
      <h1>{w("account.title")}</h1>
      <Card title={w("account.password")}>
        <PasswordCard />
      </Card>
      <Card title={w("account.factor")}>
        <FactorCard />
      </Card>
      <Card title={w("account.sessions")}>
        <SessionsCard />
      </Card>
      <Card title={w("account.tokens")}>
        <TokensCard />
      </Card>
    </div>
  );
}

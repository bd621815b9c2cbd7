import { Card } from "antd";
import { useSay } from "../register/words";
import { useWords } from "../session/words";
import { DelegationsCard } from "./DelegationsCard";
import { FactorCard } from "./FactorCard";
import { PasswordCard } from "./PasswordCard";
import { SessionsCard } from "./SessionsCard";
import { TokensCard } from "./TokensCard";
import "../session/session.css";
import "./account.css";

/** What keeps one's own account safe: password, second factor, sessions, API tokens. */
export default function AccountPage() {
  const { w } = useWords();
  const say = useSay();
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
      <Card title={say("delegations")}>
        <DelegationsCard />
      </Card>
    </div>
  );
}

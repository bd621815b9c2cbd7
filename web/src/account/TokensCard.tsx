import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { read, remove, write } from "../api/client";
import type { ApiToken, MadeToken, Page, Permission } from "../api/types";
import { useSession } from "../session/session";
import { useWords } from "../session/words";
import { instantText } from "./instants";
import { useAct } from "./useAct";

const DAY_MS = 86_400_000;

/** One's own API tokens; a new one is shown once. */
export function TokensCard() {
  const { w } = useWords();
  const session = useSession();
  const { busy, problem, run } = useAct("tokens");
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: () => read<Page<ApiToken>>("/tokens") });
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<Permission[]>([]);
  const [days, setDays] = useState(90);
  const [made, setMade] = useState<string | null>(null);

  const make = () =>
    run(async () => {
      const expires_at = new Date(Date.now() + days * DAY_MS).toISOString();
      setMade((await write<MadeToken>("/tokens", { name, permissions, expires_at })).token);
      setName("");
    });

  return (
    <>
      <ul className="rows">
        {tokens.data?.items.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.name}</strong> {one.permissions.join(" · ")}
              <br />
              <span>{w("token.until", { when: instantText(one.expires_at) })}</span>
            </div>
            <Button disabled={busy} onClick={() => void run(() => remove(`/tokens/${one.id}`))}>
              {w("token.revoke")}
            </Button>
          </li>
        ))}
      </ul>
      <div className="factor">
        {made && (
          <p role="status">
            {w("token.once")} <code>{made}</code>
          </p>
        )}
        <Input
          aria-label={w("token.name")}
          placeholder={w("token.name")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          aria-label={w("token.permissions")}
          placeholder={w("token.permissions")}
          mode="multiple"
          value={permissions}
          onChange={setPermissions}
          options={(session.data?.permissions ?? []).map((one) => ({ value: one, label: one }))}
        />
        <InputNumber
          aria-label={w("token.days")}
          addonBefore={w("token.days")}
          min={1}
          max={365}
          value={days}
          onChange={(value) => setDays(value ?? 90)}
        />
        {problem && <p role="alert">{problem}</p>}
        <Button
          type="primary"
          disabled={busy || !name.trim() || permissions.length === 0}
          onClick={() => void make()}
        >
          {w("token.make")}
        </Button>
      </div>
    </>
  );
}

import { useWords } from "../session/words";

/** The way to the provider and back for somebody without a password, to prove it is still them. */
export function FreshLogIn() {
  const { w } = useWords();
  return <a href="/api/v1/session/oidc/start?fresh=true">{w("oidc.fresh")}</a>;
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/client";
import { useWords } from "./words";

interface Oidc {
  enabled: boolean;
  label: string;
}

/** The way to the provider, where one is set up; and why a log-in there has failed. */
export default function OidcLink({ pages }: { pages: "console" | "phone" }) {
  const { typeSentence } = useWords();
  const [problem] = useState(() => new URLSearchParams(location.hash.slice(1)).get("problem"));
  const oidc = useQuery({ queryKey: ["oidc"], queryFn: () => read<Oidc>("/session/oidc") });
  return (
    <>
      {problem && <p role="alert">{typeSentence(problem) ?? problem}</p>}
      {oidc.data?.enabled && (
        <a href={`/api/v1/session/oidc/start?pages=${pages}`}>{oidc.data.label}</a>
      )}
    </>
  );
}

import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/language";

/** What went wrong, in a sentence; nothing where nothing did. It stands beside what is known. */
export function Failure({ error }: { error: unknown }) {
  const t = useT();
  if (!error) return null;
  return (
    <p className="problem" role="alert">
      {sentenceOf(t, error)}
    </p>
  );
}

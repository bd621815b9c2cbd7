import { useWords } from "./words";

/** Two fields for a new password; `newPasswordIn` reads them. */
export function NewPassword() {
  const { w } = useWords();
  return (
    <>
      <label>
        {w("password.new")}
        <input name="new" type="password" autoComplete="new-password" maxLength={128} required />
      </label>
      <label>
        {w("password.again")}
        <input name="again" type="password" autoComplete="new-password" maxLength={128} required />
      </label>
    </>
  );
}

/** The new password of a form, or null when the two fields differ. */
export function newPasswordIn(form: FormData): string | null {
  const password = String(form.get("new") ?? "");
  return password === String(form.get("again") ?? "") ? password : null;
}

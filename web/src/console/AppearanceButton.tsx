import { useT } from "../i18n/console/words";
import { setAppearance, useAppearance } from "./appearance";

/** Between day and night. */
export function AppearanceButton() {
  const t = useT();
  const dark = useAppearance() === "dark";
  return (
    <button
      type="button"
      className="quiet"
      aria-pressed={dark}
      onClick={() => setAppearance(dark ? "light" : "dark")}
    >
      {t("appearance.dark")}
    </button>
  );
}

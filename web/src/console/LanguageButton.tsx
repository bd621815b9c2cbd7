import { useT } from "../i18n/console/words";
import { setLanguage, useLanguage } from "../i18n/language";

export function LanguageButton() {
  const t = useT();
  const other = useLanguage() === "en" ? "zh-CN" : "en";
  return (
    <button type="button" className="quiet" lang={other} onClick={() => void setLanguage(other)}>
      {t("language.switch")}
    </button>
  );
}

import { type ComponentType, lazy, Suspense, useSyncExternalStore } from "react";
import type { Permission, SessionInfo } from "../api/types";
import { setLanguage, useLanguage, useT } from "../i18n/language";
import type { Key } from "../i18n/zh";
import { may, useSession, useSessionActs } from "../session/session";
import { BookPage } from "./BookPage";
import { DrivePage } from "./DrivePage";
import { PhoneLogIn } from "./PhoneLogIn";

const ApprovePage = lazy(() => import("./ApprovePage"));
const MinePage = lazy(() => import("./MinePage"));

interface Tab {
  name: string;
  label: Key;
  permission: Permission;
  page: ComponentType;
}

const TABS: Tab[] = [
  { name: "drive", label: "phone.drive", permission: "order.drive", page: DrivePage },
  { name: "approve", label: "phone.approve", permission: "request.approve", page: ApprovePage },
  { name: "book", label: "phone.book", permission: "request.apply", page: BookPage },
  { name: "mine", label: "phone.mine", permission: "request.apply", page: MinePage },
];

/** The phone pages: one tab for each thing that this person does on the way. */
export function Phone() {
  const session = useSession();
  useLanguage();
  if (session.isPending) return null;
  if (!session.data) return <PhoneLogIn />;
  return <Tabs session={session.data} />;
}

function Tabs({ session }: { session: SessionInfo }) {
  const t = useT();
  const tabs = TABS.filter((tab) => may(session, tab.permission));
  const name = useHash();
  const tab = tabs.find((one) => one.name === name) ?? tabs[0];
  const Page = tab?.page;
  return (
    <>
      <Head session={session} />
      <main>
        <Suspense>{Page ? <Page /> : <p className="empty">{t("phone.noTabs")}</p>}</Suspense>
      </main>
      <nav className="tabs" aria-label={t("nav.main")}>
        {tabs.map(({ name: to, label }) => (
          <a key={to} href={`#${to}`} aria-current={to === tab?.name ? "page" : undefined}>
            {t(label)}
          </a>
        ))}
      </nav>
    </>
  );
}

function Head({ session }: { session: SessionInfo }) {
  const t = useT();
  const language = useLanguage();
  const { logOut } = useSessionActs();
  return (
    <header className="head">
      <strong>{session.person.name}</strong>
      <span>{session.roles[0]?.organisation.name}</span>
      <button type="button" onClick={() => void setLanguage(language === "en" ? "zh-CN" : "en")}>
        {t("language.switch")}
      </button>
      <button type="button" onClick={() => void logOut()}>
        {t("login.out")}
      </button>
    </header>
  );
}

function useHash(): string {
  return useSyncExternalStore(
    (listener) => {
      addEventListener("hashchange", listener);
      return () => removeEventListener("hashchange", listener);
    },
    () => location.hash.slice(1),
  );
}

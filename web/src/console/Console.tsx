import { ConfigProvider, Spin } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { lazy, Suspense } from "react";
import { useLanguage } from "../i18n/language";
import { useSession } from "../session/session";
import { useAppearance } from "./appearance";
import { Layout } from "./Layout";
import { LogIn } from "./LogIn";
import { DARK, THEME } from "./theme";

const SetUp = lazy(() => import("../session/SetUp"));

/** The console: the log-in page, or the layout for who is logged in. */
export function Console() {
  const language = useLanguage();
  const session = useSession();
  return (
    <ConfigProvider
      locale={language === "en" ? enUS : zhCN}
      theme={useAppearance() === "dark" ? DARK : THEME}
      button={{ autoInsertSpace: false }}
    >
      {location.pathname === "/set-up" ? (
        <Suspense fallback={<Spin className="page-wait" />}>
          <SetUp />
        </Suspense>
      ) : session.isPending ? (
        <Spin className="page-wait" />
      ) : session.data ? (
        <Layout session={session.data} />
      ) : (
        <LogIn />
      )}
    </ConfigProvider>
  );
}

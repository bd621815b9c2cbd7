import { useQueryClient } from "@tanstack/react-query";
import { Empty, Spin } from "antd";
import { lazy, Suspense, useEffect } from "react";
import { Redirect, Route, Switch } from "wouter";
import type { SessionInfo } from "../api/types";
import { useT } from "../i18n/console/words";
import { live } from "../live/live";
import { followLive } from "../live/socket";
import { may, SESSION } from "../session/session";
import { Faults } from "./Faults";
import { Keys } from "./Keys";
import { Navigation } from "./Navigation";
import { PAGES } from "./pages";

const AccountPage = lazy(() => import("../account/AccountPage"));

/** Navigation on the left, one page on the right; the live link lives as long as the log-in. */
export function Layout({ session }: { session: SessionInfo }) {
  const t = useT();
  const pages = PAGES.filter((page) => may(session, page.permission));
  useLiveLink(may(session, "live.read"));
  const first = pages[0];
  return (
    <div className="layout">
      <a className="skip" href="#content">
        {t("nav.skip")}
      </a>
      <Navigation session={session} pages={pages} />
      <main id="content" tabIndex={-1}>
        <Faults>
          <Suspense fallback={<Spin className="page-wait" />}>
            <Switch>
              {pages.map(({ path, page: Page }) => (
                <Route key={path} path={path === "/" ? "/" : `${path}/:id?`} component={Page} />
              ))}
              <Route path="/account" component={AccountPage} />
              <Route>
                {first ? (
                  <Redirect to={first.path} />
                ) : (
                  <Empty description={t("error.forbidden")} />
                )}
              </Route>
            </Switch>
          </Suspense>
        </Faults>
      </main>
      <Keys pages={pages} />
    </div>
  );
}

function useLiveLink(wanted: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!wanted) return;
    // Who is logged in, and may do what, is asked anew: the page follows the answer.
    const stop = followLive(live, () => {
      live.clear();
      void client.invalidateQueries({ queryKey: SESSION });
    });
    return () => {
      stop();
      live.clear();
    };
  }, [wanted, client]);
}

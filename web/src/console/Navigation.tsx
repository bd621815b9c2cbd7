import { Link, useLocation } from "wouter";
import type { SessionInfo } from "../api/types";
import { useT } from "../i18n/language";
import { wordOf } from "../i18n/words";
import { dropMapIfAny } from "../map/drop";
import { useSessionActs } from "../session/session";
import { LanguageButton } from "./LanguageButton";
import { Mark } from "./Mark";
import type { PageEntry } from "./pages";

interface Props {
  session: SessionInfo;
  pages: PageEntry[];
}

export function Navigation({ session, pages }: Props) {
  const t = useT();
  const groups = [...new Set(pages.map((page) => page.group))];
  return (
    <header className="side">
      <div className="brand">
        <Mark size={30} />
        <span>{t("title")}</span>
      </div>
      <nav aria-label={t("nav.main")}>
        {groups.map((group) => (
          <section key={group}>
            <h2>{t(group)}</h2>
            <ul>
              {pages
                .filter((page) => page.group === group)
                .map((page) => (
                  <Entry key={page.path} page={page} />
                ))}
            </ul>
          </section>
        ))}
      </nav>
      <Person session={session} />
    </header>
  );
}

function Entry({ page }: { page: PageEntry }) {
  const t = useT();
  const [location] = useLocation();
  const here =
    page.path === "/"
      ? location === "/"
      : location === page.path || location.startsWith(`${page.path}/`);
  return (
    <li>
      <Link href={page.path} aria-current={here ? "page" : undefined}>
        {t(page.label)}
      </Link>
    </li>
  );
}

function Person({ session }: { session: SessionInfo }) {
  const t = useT();
  const { logOut } = useSessionActs();
  const role = session.roles[0];
  return (
    <div className="person">
      <strong>{session.person.name}</strong>
      {role && (
        <span title={role.organisation.name}>
          {wordOf("role", role.role)} · {role.organisation.name}
        </span>
      )}
      <div>
        <LanguageButton />
        <a className="quiet" href="/m">
          {t("nav.phone")}
        </a>
        <button
          type="button"
          className="quiet"
          onClick={() => {
            dropMapIfAny();
            void logOut();
          }}
        >
          {t("login.out")}
        </button>
      </div>
    </div>
  );
}

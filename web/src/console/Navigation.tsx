import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { SessionInfo } from "../api/types";
import { useT } from "../i18n/console/words";
import { useLanguage } from "../i18n/language";
import { wordOf } from "../i18n/words";
import { dropMapIfAny } from "../map/drop";
import { useSessionActs } from "../session/session";
import { AppearanceButton } from "./AppearanceButton";
import { LanguageButton } from "./LanguageButton";
import { Mark } from "./Mark";
import type { Label, PageEntry } from "./pages";

interface Props {
  session: SessionInfo;
  pages: PageEntry[];
}

/** The pages that one may open; on a narrow screen they wait behind a button. */
export function Navigation({ session, pages }: Props) {
  const t = useT();
  const inLanguage = useLabels();
  const [location] = useLocation();
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has arrived needs no list.
  useEffect(() => setOpen(false), [location]);
  const groups = [...new Set(pages.map((page) => page.group))];
  return (
    <header className={open ? "side open" : "side"}>
      <div className="brand">
        <Mark size={30} />
        <span>{t("title")}</span>
        <button
          type="button"
          className="menu"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          {t("nav.menu")}
        </button>
      </div>
      <nav id="pages" aria-label={t("nav.main")}>
        {groups.map((group) => (
          <section key={group.en}>
            <h2>{inLanguage(group)}</h2>
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

function useLabels(): (label: Label) => string {
  const language = useLanguage();
  return (label) => (language === "en" ? label.en : label.zh);
}

function Entry({ page }: { page: PageEntry }) {
  const inLanguage = useLabels();
  const [location] = useLocation();
  const here =
    page.path === "/"
      ? location === "/"
      : location === page.path || location.startsWith(`${page.path}/`);
  return (
    <li>
      <Link href={page.path} aria-current={here ? "page" : undefined}>
        {inLanguage(page.label)}
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
      <Link href="/account">
        <strong>{session.person.name}</strong>
      </Link>
      {role && (
        <span title={role.organisation.name}>
          {wordOf("role", role.role)} · {role.organisation.name}
        </span>
      )}
      <div>
        <LanguageButton />
        <AppearanceButton />
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

import { useT } from "../i18n/console/words";
import { live, useLiveVersion } from "../live/live";
import { momentOf } from "../time/format";

const LATE_S = 10;

/** Says across the map when it does not show the present. */
export function LinkBanner() {
  const t = useT();
  useLiveVersion();
  if (live.link === "connecting") return <Banner text={t("live.connecting")} tone="wait" />;
  if (live.link === "lost" || live.link === "away") {
    const time = live.at_ms === null ? "—" : momentOf(new Date(live.at_ms).toISOString());
    return <Banner text={t(`live.${live.link}`, { time })} tone="bad" />;
  }
  if (live.behind_s <= LATE_S) return null;
  return <Banner text={t("live.behind", { n: Math.round(live.behind_s) })} tone="bad" />;
}

function Banner({ text, tone }: { text: string; tone: "wait" | "bad" }) {
  return (
    <div className={`link-banner ${tone}`} role="status">
      {text}
    </div>
  );
}

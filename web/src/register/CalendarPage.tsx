import { useQuery } from "@tanstack/react-query";
import { Alert, Input } from "antd";
import { read } from "../api/client";
import type { CalendarYear } from "../api/types";
import { useFilter } from "../console/filters";
import { PageHead } from "../console/PageHead";
import { dayOf } from "../time/format";
import { ActButton } from "./ActButton";
import { importOf } from "./noticeAct";
import { codeIn, useSay } from "./words";
import "./calendar.css";

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** A year of working days and holidays, and on whose word; an unpublished one says so. */
export default function CalendarPage() {
  const say = useSay();
  const [year, setYear] = useFilter("year", dayOf(Date.now()).slice(0, 4));
  const { data } = useQuery({
    queryKey: ["/calendar", year],
    queryFn: () => read<CalendarYear>("/calendar", { year }),
    enabled: /^\d{4}$/.test(year),
  });
  return (
    <div className="page">
      <PageHead
        title={say("calendar")}
        note={data && say("calendar.workdays", { n: data.workdays })}
      >
        <Input
          type="number"
          style={{ width: 110 }}
          value={year}
          aria-label={say("calendar.year")}
          onChange={(event) => setYear(event.target.value)}
        />
        <ActButton act={importOf(Number(year))} />
      </PageHead>
      {data?.provisional && <Alert type="warning" showIcon title={say("calendar.provisional")} />}
      <div className="calendar">
        {MONTHS.map((month) => (
          <Month key={month} year={year} month={month} days={data?.days ?? []} />
        ))}
      </div>
      {data?.versions.map((version) => (
        <p key={`${version.region_code}${version.version}`}>
          {say("calendar.source")}: {version.source}
        </p>
      ))}
    </div>
  );
}

interface MonthProps {
  year: string;
  month: number;
  days: CalendarYear["days"];
}

function Month({ year, month, days }: MonthProps) {
  const say = useSay();
  const prefix = `${year}-${String(month).padStart(2, "0")}-`;
  const own = days.filter((day) => day.date.startsWith(prefix));
  // Weeks begin on Monday.
  const blanks = own[0] ? (new Date(`${own[0].date}T00:00Z`).getUTCDay() + 6) % 7 : 0;
  return (
    <section>
      <h2>{prefix.slice(0, -1)}</h2>
      <ol>
        {own.map((day, n) => (
          <li
            key={day.date}
            className={day.kind}
            style={n === 0 ? { gridColumnStart: blanks + 1 } : {}}
            title={`${day.date} ${codeIn(say, "day", day.kind)} ${day.name ?? ""}`}
          >
            {Number(day.date.slice(8))}
            <small>{MARKS[day.kind]}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

// Colour is never the only cue.
const MARKS: Record<string, string> = {
  holiday: "休",
  makeup_workday: "班",
  rest: "",
  workday: "",
};

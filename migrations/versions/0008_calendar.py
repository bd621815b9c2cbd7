"""The official calendar and the sealing windows, by region and version.

The nation's years 2020 to 2026 stand in it from the start, as the State Council's notices gave
them (2026: notice of 4 November 2025). Later years are imported when their notice is published.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = (
    """
    CREATE TABLE calendar_version (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        region_code varchar NOT NULL,
        year integer NOT NULL,
        version integer NOT NULL,
        status varchar NOT NULL,
        source varchar NOT NULL,
        period tstzrange NOT NULL,
        imported_by_no bigint,
        CONSTRAINT pk_calendar_version PRIMARY KEY (no),
        CONSTRAINT uq_calendar_version_id UNIQUE (id),
        CONSTRAINT uq_calendar_version_region_code_year_version
            UNIQUE (region_code, year, version),
        CONSTRAINT fk_calendar_version_imported_by_no
            FOREIGN KEY (imported_by_no) REFERENCES person (no),
        CONSTRAINT one_calendar_in_force EXCLUDE USING gist (
            word_range(region_code, region_code, '[]') WITH &&,
            int8range(year, year, '[]') WITH &&,
            period WITH &&
        ) DEFERRABLE INITIALLY IMMEDIATE
    )
    """,
    """
    CREATE TABLE calendar_day (
        version_no bigint NOT NULL,
        date date NOT NULL,
        kind varchar NOT NULL,
        name varchar,
        CONSTRAINT pk_calendar_day PRIMARY KEY (version_no, date),
        CONSTRAINT fk_calendar_day_version_no
            FOREIGN KEY (version_no) REFERENCES calendar_version (no)
    )
    """,
    """
    CREATE TABLE calendar_change (
        no bigserial,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        version_no bigint NOT NULL,
        days date[] NOT NULL,
        CONSTRAINT pk_calendar_change PRIMARY KEY (no),
        CONSTRAINT fk_calendar_change_version_no
            FOREIGN KEY (version_no) REFERENCES calendar_version (no)
    )
    """,
    """
    CREATE TABLE sealing (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        series uuid NOT NULL,
        version integer NOT NULL,
        organisation_no bigint NOT NULL,
        region_code varchar,
        name varchar NOT NULL,
        basis varchar NOT NULL,
        period tstzrange NOT NULL,
        days varchar NOT NULL,
        exempt_categories varchar[] NOT NULL,
        ended_at timestamptz,
        superseded_at timestamptz,
        CONSTRAINT pk_sealing PRIMARY KEY (no),
        CONSTRAINT uq_sealing_id UNIQUE (id),
        CONSTRAINT uq_sealing_series_version UNIQUE (series, version),
        CONSTRAINT fk_sealing_organisation_no
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT sealing_period_not_empty CHECK (NOT isempty(period))
    )
    """,
    "CREATE INDEX ix_sealing_organisation_no ON sealing (organisation_no)",
    """
    CREATE TABLE sealing_exemption (
        sealing_no bigint NOT NULL,
        vehicle_no bigint NOT NULL,
        CONSTRAINT pk_sealing_exemption PRIMARY KEY (sealing_no, vehicle_no),
        CONSTRAINT fk_sealing_exemption_sealing_no
            FOREIGN KEY (sealing_no) REFERENCES sealing (no),
        CONSTRAINT fk_sealing_exemption_vehicle_no
            FOREIGN KEY (vehicle_no) REFERENCES vehicle (no)
    )
    """,
)

# Days off (festival:MMDD or festival:MMDD-MMDD), then the weekend days that are worked.
YEARS = {
    2020: (
        "元旦:0101 春节:0124-0202 清明节:0404-0406 劳动节:0501-0505 端午节:0625-0627 "
        "国庆节、中秋节:1001-1008",
        "0119 0426 0509 0628 0927 1010",
    ),
    2021: (
        "元旦:0101-0103 春节:0211-0217 清明节:0403-0405 劳动节:0501-0505 端午节:0612-0614 "
        "中秋节:0919-0921 国庆节:1001-1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    2022: (
        "元旦:0101-0103 春节:0131-0206 清明节:0403-0405 劳动节:0430-0504 端午节:0603-0605 "
        "中秋节:0910-0912 国庆节:1001-1007 元旦:1231",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    2023: (
        "元旦:0101-0102 春节:0121-0127 清明节:0405 劳动节:0429-0503 端午节:0622-0624 "
        "中秋节、国庆节:0929-1006 元旦:1230-1231",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: (
        "元旦:0101 春节:0210-0217 清明节:0404-0406 劳动节:0501-0505 端午节:0610 "
        "中秋节:0915-0917 国庆节:1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: (
        "元旦:0101 春节:0128-0204 清明节:0404-0406 劳动节:0501-0505 端午节:0531-0602 "
        "国庆节、中秋节:1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: (
        "元旦:0101-0103 春节:0215-0223 清明节:0404-0406 劳动节:0501-0505 端午节:0619-0621 "
        "中秋节:0925-0927 国庆节:1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}

# In force since before any record: what is imported later is judged as well.
ADD_VERSION = sa.text("""
    INSERT INTO calendar_version (id, region_code, year, version, status, source, period)
    VALUES (gen_random_uuid(), '000000', :year, 1, 'published', :source,
            tstzrange('2000-01-01T00:00:00+08:00', NULL))
    RETURNING no
""")
ADD_DAY = sa.text(
    "INSERT INTO calendar_day (version_no, date, kind, name) VALUES (:no, :date, :kind, :name)"
)


def _days(year: int) -> Iterator[tuple[date, str, str | None]]:
    holidays, worked = YEARS[year]
    for run in holidays.split():
        name, _, dates = run.partition(":")
        first, _, last = dates.partition("-")
        day, end = _day(year, first), _day(year, last or first)
        while day <= end:
            yield day, "holiday", name
            day += timedelta(days=1)
    for one in worked.split():
        yield _day(year, one), "makeup_workday", None


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def upgrade() -> None:
    """Create the tables and enter the published years."""
    for statement in TABLES:
        op.execute(statement)
    connection = op.get_bind()
    for year in YEARS:
        source = f"国务院办公厅关于{year}年部分节假日安排的通知"
        no = connection.execute(ADD_VERSION, {"year": year, "source": source}).scalar_one()
        connection.execute(
            ADD_DAY,
            [{"no": no, "date": d, "kind": kind, "name": name} for d, kind, name in _days(year)],
        )

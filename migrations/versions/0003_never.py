"""What must never happen, the database forbids: overlapping bindings and double bookings.

The constraints need no extension: a number becomes a range of one number, and a word a range of
one word, because GiST knows how ranges overlap. Alembic's comparison does not see them; a test
reads `pg_constraint`.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

PROMISED = "('assigned', 'accepted', 'departed', 'arrived', 'returning')"


def _number(column: str) -> str:
    return f"int8range({column}, {column}, '[]') WITH &&"


def _word(column: str) -> str:
    return f"word_range({column}, {column}, '[]') WITH &&"


def _exclude(table: str, name: str, keys: list[str], where: str = "") -> str:
    condition = f" WHERE ({where})" if where else ""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        f"EXCLUDE USING gist ({', '.join(keys)}, period WITH &&){condition} "
        "DEFERRABLE INITIALLY IMMEDIATE"
    )


BINDINGS = [
    _exclude("organisation_parent", "one_parent_at_a_time", [_number("organisation_no")]),
    _exclude("vehicle_unit", "one_unit_at_a_time", [_number("vehicle_no")]),
    _exclude("driver_unit", "one_employer_at_a_time", [_number("driver_no")]),
    _exclude("vehicle_terminal", "one_vehicle_at_a_time", [_number("terminal_no")]),
    _exclude(
        "vehicle_terminal", "one_primary_source_at_a_time", [_number("vehicle_no")], "is_primary"
    ),
    _exclude(
        "person_role",
        "one_role_row_at_a_time",
        [_number("person_no"), _number("organisation_no"), _word("role")],
    ),
    _exclude(
        "mandate",
        "one_mandate_row_at_a_time",
        [_number("holder_no"), _number("over_no"), _word("matter")],
    ),
    _exclude("rule_version", "one_version_in_force", [_word("rule")]),
]

BOOKINGS = [
    _exclude(
        "orders",
        "vehicle_never_twice",
        [_number("vehicle_no")],
        f"vehicle_no IS NOT NULL AND state IN {PROMISED}",
    ),
    _exclude(
        "orders",
        "driver_never_twice",
        [_number("driver_no")],
        f"driver_no IS NOT NULL AND state IN {PROMISED}",
    ),
]

CURRENT_VERSIONS = [
    _exclude("trip", "one_current_trip", [_number("vehicle_no")], "superseded_at IS NULL"),
    _exclude("stop", "one_current_stop", [_number("vehicle_no")], "superseded_at IS NULL"),
]

WITH_PERIOD = [
    "organisation_parent",
    "mandate",
    "person_role",
    "vehicle_unit",
    "driver_unit",
    "vehicle_terminal",
    "request",
    "orders",
    "filing",
    "trip",
    "rule_version",
]

SUMS = [
    "ALTER TABLE explained_day ADD CONSTRAINT parts_make_the_whole "
    "CHECK (driven_m = ordered_m + service_m + filed_m + unexplained_m)",
    "ALTER TABLE trip ADD CONSTRAINT one_distance_a_pair "
    "CHECK (cardinality(pair_m) = greatest(cardinality(offsets_s) - 1, 0))",
]


def upgrade() -> None:
    """Add the constraints."""
    op.execute("CREATE TYPE word_range AS RANGE (subtype = text)")
    for statement in (*BINDINGS, *BOOKINGS, *CURRENT_VERSIONS, *SUMS):
        op.execute(statement)
    for table in WITH_PERIOD:
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_period_not_empty "
            "CHECK (NOT isempty(period))"
        )

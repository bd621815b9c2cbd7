"""What tells a live map that the register or an order has changed, and indexes for long lists."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Tell at the commit, never before, whose entries changed; by number, or '' for too many."""
    # A message of NOTIFY holds less than 8,000 bytes, and a number has 19 digits at most.
    op.execute("""
        CREATE FUNCTION tell_live_map(numbers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF cardinality(numbers) > 0 THEN
                PERFORM pg_notify('gongche_live', CASE WHEN cardinality(numbers) <= 300
                                                       THEN array_to_string(numbers, ',')
                                                       ELSE '' END);
            END IF;
        END $$
    """)
    _on_uses()
    _on_vehicles()
    _on_organisations()
    _on_orders()
    # What begins or ends by the clock alone is looked up by when it does.
    op.create_index("ix_vehicle_unit_begins", "vehicle_unit", [sa.text("lower(period)")])
    op.create_index("ix_vehicle_unit_ends", "vehicle_unit", [sa.text("upper(period)")])
    # Counts of a past instant ask what has changed since then.
    op.create_index(
        "ix_vehicle_event_changed_day",
        "vehicle_event",
        ["day"],
        postgresql_where=sa.text("kind = 'changed'"),
    )
    op.create_index(
        "ix_orders_on_the_road",
        "orders",
        ["vehicle_no"],
        postgresql_where=sa.text("state IN ('departed', 'arrived', 'returning')"),
    )


def _on_uses() -> None:
    op.execute("""
        CREATE FUNCTION tell_uses_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell_live_map((SELECT array_agg(DISTINCT vehicle_no) FROM changed));
            RETURN NULL;
        END $$
    """)
    for event, told in (
        ("INSERT", "NEW TABLE AS changed"),
        ("UPDATE", "NEW TABLE AS changed"),
        ("DELETE", "OLD TABLE AS changed"),
    ):
        _trigger("vehicle_unit", event, told, "tell_uses_changed")


def _on_vehicles() -> None:
    # A new vehicle is nobody's yet, and one in use can't be deleted.
    op.execute("""
        CREATE FUNCTION tell_vehicles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell_live_map((
                SELECT array_agg(a.no) FROM after_change a JOIN before_change b ON b.no = a.no
                WHERE (a.plate, a.withdrawn_at) IS DISTINCT FROM (b.plate, b.withdrawn_at)
            ));
            RETURN NULL;
        END $$
    """)
    _trigger("vehicle", "UPDATE", _BOTH, "tell_vehicles_changed")


def _on_organisations() -> None:
    op.execute("""
        CREATE FUNCTION tell_organisations_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell_live_map((
                SELECT array_agg(DISTINCT u.vehicle_no)
                FROM after_change a
                JOIN before_change b ON b.no = a.no
                JOIN vehicle_unit u ON u.organisation_no = a.no
                WHERE a.name IS DISTINCT FROM b.name
            ));
            RETURN NULL;
        END $$
    """)
    _trigger("organisation", "UPDATE", _BOTH, "tell_organisations_changed")


def _on_orders() -> None:
    op.execute("""
        CREATE FUNCTION tell_orders_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell_live_map((
                SELECT array_agg(DISTINCT vehicle_no) FROM changed WHERE vehicle_no IS NOT NULL
            ));
            RETURN NULL;
        END $$
    """)
    _trigger("orders", "INSERT", "NEW TABLE AS changed", "tell_orders_changed")
    _trigger("orders", "DELETE", "OLD TABLE AS changed", "tell_orders_changed")
    op.execute("""
        CREATE FUNCTION tell_order_steps() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell_live_map((
                SELECT array_agg(DISTINCT vehicle.no)
                FROM after_change a
                JOIN before_change b ON b.id = a.id
                CROSS JOIN LATERAL (VALUES (a.vehicle_no), (b.vehicle_no)) AS vehicle(no)
                WHERE (a.state, a.vehicle_no) IS DISTINCT FROM (b.state, b.vehicle_no)
                  AND vehicle.no IS NOT NULL
            ));
            RETURN NULL;
        END $$
    """)
    _trigger("orders", "UPDATE", _BOTH, "tell_order_steps")


_BOTH = "OLD TABLE AS before_change NEW TABLE AS after_change"


def _trigger(table: str, event: str, told: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{event.lower()}_tells_live_map AFTER {event} ON {table} "
        f"REFERENCING {told} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )

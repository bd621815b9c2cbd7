"""What the mapped classes cannot show: constraints by migration, and that nothing else differs."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

import audit.tables
import dispatch.tables
import fleet.tables
import tracking.tables
from kit.database import Base, driver_url

ROOMS = (fleet.tables, tracking.tables, dispatch.tables, audit.tables)

EXCLUSIONS = {
    ("organisation_parent", "one_parent_at_a_time"),
    ("vehicle_unit", "one_unit_at_a_time"),
    ("driver_unit", "one_employer_at_a_time"),
    ("vehicle_terminal", "one_vehicle_at_a_time"),
    ("vehicle_terminal", "one_primary_source_at_a_time"),
    ("person_role", "one_role_row_at_a_time"),
    ("mandate", "one_mandate_row_at_a_time"),
    ("rule_version", "one_version_in_force"),
    ("organisation_name", "one_name_at_a_time"),
    ("mandate", "one_mandate_holder_at_a_time"),
    ("rule_value", "one_value_at_a_time"),
    ("region", "one_region_a_code"),
    ("driver_licence", "one_licence_at_a_time"),
    ("delegation", "one_delegation_at_a_time"),
    ("duty_shift", "one_shift_at_a_time"),
    ("driver_leave", "one_leave_at_a_time"),
    ("roster_entry", "person_on_one_roster_once"),
    ("roster_entry", "vehicle_on_one_roster_once"),
    ("custody", "one_holder_at_a_time"),
    ("outage", "one_outage_of_a_kind_at_a_time"),
    ("person_allowance", "one_allowance_at_a_time"),
    ("vehicle_plate", "one_holder_of_a_plate_at_a_time"),
    ("vehicle_plate", "one_plate_of_a_vehicle_at_a_time"),
    ("quota", "one_quota_at_a_time"),
    ("standard", "one_standard_at_a_time"),
    ("calendar_version", "one_calendar_in_force"),
    ("retention_rule", "one_retention_at_a_time"),
    ("duty_dispatcher", "one_duty_dispatcher_at_a_time"),
    ("mobilisation", "one_mobilisation_at_a_time"),
    ("orders", "vehicle_never_twice"),
    ("orders", "driver_never_twice"),
    ("order_run", "one_run_at_a_time"),
    ("trip", "one_current_trip"),
    ("stop", "one_current_stop"),
}


def test_what_must_never_happen_is_forbidden_by_the_database(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                "WHERE contype = 'x' AND condeferrable AND convalidated"
            )
        )
        found = {(row[0], row[1]) for row in rows}
    engine.dispose()
    assert found == EXCLUSIONS


def test_the_migrations_make_what_the_classes_describe(database_url: str) -> None:
    assert len(ROOMS) == 4
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                # Partitions are made by SQL of their own and have no class.
                "include_name": lambda name, kind, _parents: (
                    kind != "table"
                    or not str(name).startswith("position")
                    or name in Base.metadata.tables
                ),
            },
        )
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []

"""Tables of the register, tracking, dispatch and audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table that the mapped classes describe."""
    op.create_table(
        "log_in_failure",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_log_in_failure"),
    )
    op.create_index("ix_log_in_failure_username", "log_in_failure", ["username"], unique=False)
    op.create_table(
        "night_progress",
        sa.Column("only", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_night_progress"),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("no", name="pk_organisation"),
        sa.UniqueConstraint("id", name="uq_organisation_id"),
    )
    op.create_table(
        "partition_lease",
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("partition", name="pk_partition_lease"),
    )
    op.create_table(
        "person",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("no", name="pk_person"),
        sa.UniqueConstraint("id", name="uq_person_id"),
        sa.UniqueConstraint("username", name="uq_person_username"),
    )
    op.create_table(
        "position_writer",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_n", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_position_writer"),
    )
    op.create_table(
        "quarantined_frame",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_quarantined_frame"),
        sa.UniqueConstraint("id", name="uq_quarantined_frame_id"),
    )
    op.create_index("ix_quarantined_frame_phone", "quarantined_frame", ["phone"], unique=False)
    op.create_index(
        "ix_quarantined_frame_received_at", "quarantined_frame", ["received_at"], unique=False
    )
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("thresholds", postgresql.JSONB(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rule_version"),
    )
    op.create_index("ix_rule_version_rule", "rule_version", ["rule"], unique=False)
    op.create_table(
        "unknown_terminal",
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("claimed_plate", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("protocol", "phone", name="pk_unknown_terminal"),
        sa.UniqueConstraint("id", name="uq_unknown_terminal_id"),
    )
    op.create_table(
        "vehicle",
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("plate_colour", sa.String(), nullable=False),
        sa.Column("vin", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("energy", sa.String(), nullable=False),
        sa.Column("holding", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle"),
        sa.UniqueConstraint("id", name="uq_vehicle_id"),
        sa.UniqueConstraint("plate", "plate_colour", name="uq_vehicle_plate_plate_colour"),
    )
    op.create_table(
        "changed_day",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_changed_day_vehicle_no"),
        sa.PrimaryKeyConstraint("no", name="pk_changed_day"),
    )
    op.create_table(
        "driver",
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("licence_class", sa.String(), nullable=False),
        sa.Column("licence_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"], name="fk_driver_person_no"),
        sa.PrimaryKeyConstraint("no", name="pk_driver"),
        sa.UniqueConstraint("id", name="uq_driver_id"),
        sa.UniqueConstraint("person_no", name="uq_driver_person_no"),
    )
    op.create_table(
        "explained_day",
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("driven_m", sa.Integer(), nullable=False),
        sa.Column("ordered_m", sa.Integer(), nullable=False),
        sa.Column("service_m", sa.Integer(), nullable=False),
        sa.Column("filed_m", sa.Integer(), nullable=False),
        sa.Column("unexplained_m", sa.Integer(), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_explained_day_organisation_no"
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_explained_day_vehicle_no"),
        sa.PrimaryKeyConstraint("vehicle_no", "organisation_no", "day", name="pk_explained_day"),
    )
    op.create_index("ix_explained_day_day", "explained_day", ["day"], unique=False)
    op.create_index(
        "ix_explained_day_organisation_no", "explained_day", ["organisation_no"], unique=False
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("place_name", sa.String(), nullable=True),
        sa.Column("filed_by_no", sa.BigInteger(), nullable=False),
        sa.Column("accepted_by_no", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["accepted_by_no"], ["person.no"], name="fk_filing_accepted_by_no"),
        sa.ForeignKeyConstraint(["filed_by_no"], ["person.no"], name="fk_filing_filed_by_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_filing_organisation_no"
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_filing_vehicle_no"),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
    )
    op.create_index("ix_filing_organisation_no", "filing", ["organisation_no"], unique=False)
    op.create_index("ix_filing_vehicle_no", "filing", ["vehicle_no"], unique=False)
    op.create_table(
        "journal",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_no", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_no"], ["person.no"], name="fk_journal_actor_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_journal_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_journal"),
        sa.UniqueConstraint("id", name="uq_journal_id"),
    )
    op.create_index("ix_journal_actor_no", "journal", ["actor_no"], unique=False)
    op.create_index("ix_journal_object_id", "journal", ["object_id"], unique=False)
    op.create_index("ix_journal_organisation_no", "journal", ["organisation_no"], unique=False)
    op.create_table(
        "log_in",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"], name="fk_log_in_person_no"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_log_in"),
    )
    op.create_index("ix_log_in_person_no", "log_in", ["person_no"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("holder_no", sa.BigInteger(), nullable=False),
        sa.Column("over_no", sa.BigInteger(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["holder_no"], ["organisation.no"], name="fk_mandate_holder_no"),
        sa.ForeignKeyConstraint(["over_no"], ["organisation.no"], name="fk_mandate_over_no"),
        sa.PrimaryKeyConstraint("no", name="pk_mandate"),
    )
    op.create_index("ix_mandate_holder_no", "mandate", ["holder_no"], unique=False)
    op.create_index("ix_mandate_over_no", "mandate", ["over_no"], unique=False)
    op.create_table(
        "organisation_parent",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("parent_no", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_organisation_parent_organisation_no"
        ),
        sa.ForeignKeyConstraint(
            ["parent_no"], ["organisation.no"], name="fk_organisation_parent_parent_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_organisation_parent"),
    )
    op.create_index(
        "ix_organisation_parent_organisation_no",
        "organisation_parent",
        ["organisation_no"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_parent_parent_no", "organisation_parent", ["parent_no"], unique=False
    )
    op.create_table(
        "partition_progress",
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("writer_no", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["writer_no"], ["position_writer.no"], name="fk_partition_progress_writer_no"
        ),
        sa.PrimaryKeyConstraint("partition", "writer_no", name="pk_partition_progress"),
    )
    op.create_table(
        "person_role",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_person_role_organisation_no"
        ),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"], name="fk_person_role_person_no"),
        sa.PrimaryKeyConstraint("no", name="pk_person_role"),
    )
    op.create_index(
        "ix_person_role_organisation_no", "person_role", ["organisation_no"], unique=False
    )
    op.create_index("ix_person_role_person_no", "person_role", ["person_no"], unique=False)
    op.create_table(
        "place",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_place_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_place"),
        sa.UniqueConstraint("id", name="uq_place_id"),
    )
    op.create_index("ix_place_organisation_no", "place", ["organisation_no"], unique=False)
    op.create_table(
        "position_batch",
        sa.Column("writer_no", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column(
            "committed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("positions", sa.Integer(), nullable=False),
        sa.Column("terminal_nos", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("first_times", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=False),
        sa.Column("last_times", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=False),
        sa.ForeignKeyConstraint(
            ["writer_no"], ["position_writer.no"], name="fk_position_batch_writer_no"
        ),
        sa.PrimaryKeyConstraint("writer_no", "n", name="pk_position_batch"),
    )
    op.create_index(
        "ix_position_batch_committed_at", "position_batch", ["committed_at"], unique=False
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("applicant_no", sa.BigInteger(), nullable=False),
        sa.Column("passenger_no", sa.BigInteger(), nullable=False),
        sa.Column("passengers", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("purpose_text", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("origin_name", sa.String(), nullable=False),
        sa.Column("origin_latitude", sa.Double(), nullable=False),
        sa.Column("origin_longitude", sa.Double(), nullable=False),
        sa.Column("destination_name", sa.String(), nullable=False),
        sa.Column("destination_latitude", sa.Double(), nullable=False),
        sa.Column("destination_longitude", sa.Double(), nullable=False),
        sa.Column("round_trip", sa.Boolean(), nullable=False),
        sa.Column("may_share", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["applicant_no"], ["person.no"], name="fk_request_applicant_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_request_organisation_no"
        ),
        sa.ForeignKeyConstraint(["passenger_no"], ["person.no"], name="fk_request_passenger_no"),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
    )
    op.create_index("ix_request_applicant_no", "request", ["applicant_no"], unique=False)
    op.create_index("ix_request_organisation_no", "request", ["organisation_no"], unique=False)
    op.create_index("ix_request_passenger_no", "request", ["passenger_no"], unique=False)
    op.create_index("ix_request_state", "request", ["state"], unique=False)
    op.create_table(
        "slip_counter",
        sa.Column("issuer_no", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_no"], ["organisation.no"], name="fk_slip_counter_issuer_no"
        ),
        sa.PrimaryKeyConstraint("issuer_no", "year", name="pk_slip_counter"),
    )
    op.create_table(
        "stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_stop_vehicle_no"),
        sa.PrimaryKeyConstraint("id", name="pk_stop"),
    )
    op.create_index("ix_stop_vehicle_no", "stop", ["vehicle_no"], unique=False)
    op.create_table(
        "terminal",
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("authentication", sa.String(), server_default=sa.text("'token'"), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_epoch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_terminal_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_terminal"),
        sa.UniqueConstraint("id", name="uq_terminal_id"),
        sa.UniqueConstraint("protocol", "phone", name="uq_terminal_protocol_phone"),
    )
    op.create_index("ix_terminal_organisation_no", "terminal", ["organisation_no"], unique=False)
    op.create_table(
        "trip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("start_latitude", sa.Double(), nullable=False),
        sa.Column("start_longitude", sa.Double(), nullable=False),
        sa.Column("end_latitude", sa.Double(), nullable=False),
        sa.Column("end_longitude", sa.Double(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("odometer_m", sa.Integer(), nullable=True),
        sa.Column("max_speed_kmh", sa.Double(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("offsets_s", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("pair_m", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_trip_organisation_no"
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_trip_vehicle_no"),
        sa.PrimaryKeyConstraint("id", name="pk_trip"),
    )
    op.create_index("ix_trip_organisation_no", "trip", ["organisation_no"], unique=False)
    op.create_index("ix_trip_vehicle_no", "trip", ["vehicle_no"], unique=False)
    op.create_table(
        "trip_checkpoint",
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_no"], ["vehicle.no"], name="fk_trip_checkpoint_vehicle_no"
        ),
        sa.PrimaryKeyConstraint("vehicle_no", "time", "digest", name="pk_trip_checkpoint"),
    )
    op.create_table(
        "driver_unit",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("driver_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["driver_no"], ["driver.no"], name="fk_driver_unit_driver_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_driver_unit_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_driver_unit"),
    )
    op.create_index("ix_driver_unit_driver_no", "driver_unit", ["driver_no"], unique=False)
    op.create_index(
        "ix_driver_unit_organisation_no", "driver_unit", ["organisation_no"], unique=False
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=True),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("counter_evidence", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_finding_organisation_no"
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name="fk_finding_rule_version_id"
        ),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name="fk_finding_trip_id"),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_finding_vehicle_no"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_day", "finding", ["day"], unique=False)
    op.create_index("ix_finding_organisation_no", "finding", ["organisation_no"], unique=False)
    op.create_index("ix_finding_rule", "finding", ["rule"], unique=False)
    op.create_index("ix_finding_vehicle_no", "finding", ["vehicle_no"], unique=False)
    op.create_index(
        "uq_finding_current",
        "finding",
        ["rule", "vehicle_no", "subject"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("issuer_no", sa.BigInteger(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=True),
        sa.Column("driver_no", sa.BigInteger(), nullable=True),
        sa.Column("dispatcher_no", sa.BigInteger(), nullable=False),
        sa.Column("cross_unit", sa.Boolean(), nullable=False),
        sa.Column("service_kind", sa.String(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("odometer_out_m", sa.Integer(), nullable=True),
        sa.Column("odometer_in_m", sa.Integer(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["dispatcher_no"], ["person.no"], name="fk_orders_dispatcher_no"),
        sa.ForeignKeyConstraint(["driver_no"], ["driver.no"], name="fk_orders_driver_no"),
        sa.ForeignKeyConstraint(["issuer_no"], ["organisation.no"], name="fk_orders_issuer_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_orders_organisation_no"
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_orders_vehicle_no"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("ix_orders_driver_no", "orders", ["driver_no"], unique=False)
    op.create_index("ix_orders_issuer_no", "orders", ["issuer_no"], unique=False)
    op.create_index("ix_orders_organisation_no", "orders", ["organisation_no"], unique=False)
    op.create_index("ix_orders_state", "orders", ["state"], unique=False)
    op.create_index("ix_orders_vehicle_no", "orders", ["vehicle_no"], unique=False)
    op.create_table(
        "request_step",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor_no", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_no"], ["person.no"], name="fk_request_step_actor_no"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_step_request_id"),
        sa.PrimaryKeyConstraint("no", name="pk_request_step"),
    )
    op.create_index("ix_request_step_request_id", "request_step", ["request_id"], unique=False)
    op.create_table(
        "binding_change",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_no"], ["vehicle.no"], name="fk_binding_change_vehicle_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_binding_change"),
    )
    op.create_table(
        "vehicle_terminal",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("terminal_no", sa.BigInteger(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["terminal_no"], ["terminal.no"], name="fk_vehicle_terminal_terminal_no"
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_no"], ["vehicle.no"], name="fk_vehicle_terminal_vehicle_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle_terminal"),
    )
    op.create_index(
        "ix_vehicle_terminal_terminal_no", "vehicle_terminal", ["terminal_no"], unique=False
    )
    op.create_index(
        "ix_vehicle_terminal_vehicle_no", "vehicle_terminal", ["vehicle_no"], unique=False
    )
    op.create_table(
        "vehicle_unit",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("base_no", sa.BigInteger(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["base_no"], ["place.no"], name="fk_vehicle_unit_base_no"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_vehicle_unit_organisation_no"
        ),
        sa.ForeignKeyConstraint(["vehicle_no"], ["vehicle.no"], name="fk_vehicle_unit_vehicle_no"),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle_unit"),
    )
    op.create_index(
        "ix_vehicle_unit_organisation_no", "vehicle_unit", ["organisation_no"], unique=False
    )
    op.create_index("ix_vehicle_unit_vehicle_no", "vehicle_unit", ["vehicle_no"], unique=False)
    op.create_table(
        "order_request",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_request_order_id"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_order_request_request_id"),
        sa.PrimaryKeyConstraint("order_id", "request_id", name="pk_order_request"),
    )
    op.create_index("ix_order_request_request_id", "order_request", ["request_id"], unique=False)
    op.create_table(
        "order_step",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor_no", sa.BigInteger(), nullable=True),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("odometer_m", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_no"], ["person.no"], name="fk_order_step_actor_no"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_step_order_id"),
        sa.PrimaryKeyConstraint("no", name="pk_order_step"),
    )
    op.create_index("ix_order_step_order_id", "order_step", ["order_id"], unique=False)
    op.create_table(
        "slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_no", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["issuer_no"], ["organisation.no"], name="fk_slip_issuer_no"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_slip_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slip"),
        sa.UniqueConstraint("issuer_no", "year", "number", name="uq_slip_issuer_no_year_number"),
        sa.UniqueConstraint("order_id", name="uq_slip_order_id"),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("travel_times", sa.String(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(), nullable=False),
        sa.Column("chosen_order_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["chosen_order_id"], ["orders.id"], name="fk_suggestion_chosen_order_id"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_suggestion_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
    )
    op.create_index("ix_suggestion_request_id", "suggestion", ["request_id"], unique=False)

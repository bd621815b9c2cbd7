"""Missions with their people and vehicles; mobilisations with their units and orders."""

from alembic import op

revision = "0027"
down_revision = "0026"

STATEMENTS = (
    """
    CREATE TABLE mission (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        organisation_no bigint NOT NULL,
        kind varchar NOT NULL,
        title varchar NOT NULL,
        plan varchar NOT NULL,
        purpose varchar NOT NULL,
        period tstzrange NOT NULL,
        gather_at timestamptz NOT NULL,
        assembly_name varchar NOT NULL,
        assembly_latitude double precision NOT NULL,
        assembly_longitude double precision NOT NULL,
        assembly_radius_m integer NOT NULL,
        state varchar NOT NULL,
        revision integer NOT NULL,
        state_reason varchar,
        planned_by_no bigint NOT NULL,
        submitted_at timestamptz,
        approved_by_no bigint,
        approved_at timestamptz,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_mission PRIMARY KEY (no),
        CONSTRAINT uq_mission_id UNIQUE (id),
        CONSTRAINT fk_mission_organisation_no_organisation
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT fk_mission_planned_by_no_person
            FOREIGN KEY (planned_by_no) REFERENCES person (no),
        CONSTRAINT fk_mission_approved_by_no_person
            FOREIGN KEY (approved_by_no) REFERENCES person (no),
        CONSTRAINT ck_mission_period CHECK (NOT isempty(period)),
        CONSTRAINT ck_mission_approved CHECK ((approved_by_no IS NULL) = (approved_at IS NULL))
    )
    """,
    "CREATE INDEX ix_mission_organisation_no ON mission (organisation_no)",
    "CREATE INDEX ix_mission_state ON mission (state)",
    """
    CREATE TABLE mission_person (
        mission_no bigint NOT NULL,
        person_no bigint NOT NULL,
        part varchar NOT NULL,
        CONSTRAINT pk_mission_person PRIMARY KEY (mission_no, person_no, part),
        CONSTRAINT fk_mission_person_mission_no_mission
            FOREIGN KEY (mission_no) REFERENCES mission (no),
        CONSTRAINT fk_mission_person_person_no_person
            FOREIGN KEY (person_no) REFERENCES person (no)
    )
    """,
    "CREATE INDEX ix_mission_person_person_no ON mission_person (person_no)",
    """
    CREATE TABLE mission_ride (
        no bigserial,
        id uuid NOT NULL,
        mission_no bigint NOT NULL,
        position integer NOT NULL,
        standby boolean NOT NULL,
        period tstzrange NOT NULL,
        passengers integer NOT NULL,
        passenger_no bigint NOT NULL,
        category varchar,
        destination_name varchar NOT NULL,
        destination_latitude double precision NOT NULL,
        destination_longitude double precision NOT NULL,
        request_id uuid,
        vehicle_no bigint,
        driver_no bigint,
        note varchar,
        CONSTRAINT pk_mission_ride PRIMARY KEY (no),
        CONSTRAINT uq_mission_ride_id UNIQUE (id),
        CONSTRAINT uq_mission_ride_request_id UNIQUE (request_id),
        CONSTRAINT one_vehicle_a_place UNIQUE (mission_no, position)
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_mission_ride_mission_no_mission
            FOREIGN KEY (mission_no) REFERENCES mission (no),
        CONSTRAINT fk_mission_ride_passenger_no_person
            FOREIGN KEY (passenger_no) REFERENCES person (no),
        CONSTRAINT fk_mission_ride_request_id_request
            FOREIGN KEY (request_id) REFERENCES request (id),
        CONSTRAINT fk_mission_ride_vehicle_no_vehicle
            FOREIGN KEY (vehicle_no) REFERENCES vehicle (no),
        CONSTRAINT fk_mission_ride_driver_no_driver
            FOREIGN KEY (driver_no) REFERENCES driver (no),
        CONSTRAINT ck_mission_ride_period CHECK (NOT isempty(period))
    )
    """,
    """
    CREATE TABLE mobilisation (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        organisation_no bigint NOT NULL,
        level integer NOT NULL,
        name varchar NOT NULL,
        basis varchar NOT NULL,
        period tstzrange NOT NULL,
        started_by_no bigint NOT NULL,
        started_at timestamptz NOT NULL,
        started_proof varchar NOT NULL,
        start_statement varchar NOT NULL,
        ended_by_no bigint,
        ended_at timestamptz,
        ended_proof varchar,
        end_statement varchar,
        judged_through timestamptz,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_mobilisation PRIMARY KEY (no),
        CONSTRAINT uq_mobilisation_id UNIQUE (id),
        CONSTRAINT fk_mobilisation_organisation_no_organisation
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT fk_mobilisation_started_by_no_person
            FOREIGN KEY (started_by_no) REFERENCES person (no),
        CONSTRAINT fk_mobilisation_ended_by_no_person
            FOREIGN KEY (ended_by_no) REFERENCES person (no),
        CONSTRAINT ck_mobilisation_level CHECK (level BETWEEN 1 AND 4),
        CONSTRAINT ck_mobilisation_period CHECK (NOT isempty(period)),
        CONSTRAINT ck_mobilisation_signed_off CHECK (
            upper_inf(period) = (ended_by_no IS NULL)
            AND (ended_by_no IS NULL) = (ended_at IS NULL)
            AND (ended_by_no IS NULL) = (ended_proof IS NULL)
            AND (ended_by_no IS NULL) = (end_statement IS NULL)
        ),
        CONSTRAINT one_mobilisation_at_a_time EXCLUDE USING gist (
            int8range(organisation_no, organisation_no, '[]') WITH &&,
            int4range(level, level, '[]') WITH &&, period WITH &&
        ) DEFERRABLE
    )
    """,
    "CREATE INDEX ix_mobilisation_organisation_no ON mobilisation (organisation_no)",
    """
    CREATE TABLE mobilisation_unit (
        mobilisation_no bigint NOT NULL,
        organisation_no bigint NOT NULL,
        CONSTRAINT pk_mobilisation_unit PRIMARY KEY (mobilisation_no, organisation_no),
        CONSTRAINT fk_mobilisation_unit_mobilisation_no_mobilisation
            FOREIGN KEY (mobilisation_no) REFERENCES mobilisation (no),
        CONSTRAINT fk_mobilisation_unit_organisation_no_organisation
            FOREIGN KEY (organisation_no) REFERENCES organisation (no)
    )
    """,
    "CREATE INDEX ix_mobilisation_unit_organisation_no ON mobilisation_unit (organisation_no)",
    """
    CREATE TABLE mobilisation_order (
        order_id uuid NOT NULL,
        mobilisation_no bigint NOT NULL,
        entered_at timestamptz NOT NULL,
        back_entry_due_at timestamptz,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_mobilisation_order PRIMARY KEY (order_id),
        CONSTRAINT fk_mobilisation_order_order_id_orders
            FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT fk_mobilisation_order_mobilisation_no_mobilisation
            FOREIGN KEY (mobilisation_no) REFERENCES mobilisation (no)
    )
    """,
    "CREATE INDEX ix_mobilisation_order_mobilisation_no ON mobilisation_order (mobilisation_no)",
)


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)

"""Learned speeds: how fast each way is driven in each hour of the week, and what was learned from.

Nothing in them names a vehicle, a person or a day of driving. A day is learned from once.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

STATEMENTS = (
    """
    CREATE TABLE road_learning (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        map varchar NOT NULL,
        positions bigint NOT NULL,
        matched_m bigint NOT NULL,
        cells_kept integer NOT NULL,
        cells_withheld integer NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_road_learning PRIMARY KEY (no),
        CONSTRAINT uq_road_learning_id UNIQUE (id),
        CONSTRAINT ck_road_learning_days CHECK (first_day <= last_day),
        CONSTRAINT a_day_is_learned_once EXCLUDE USING gist (
            daterange(first_day, last_day, '[]') WITH &&
        )
    )
    """,
    """
    CREATE TABLE road_speed (
        way_id bigint NOT NULL,
        hour_of_week smallint NOT NULL,
        weight double precision NOT NULL,
        pace_sum_s_km double precision NOT NULL,
        count bigint NOT NULL,
        vehicles integer NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT pk_road_speed PRIMARY KEY (way_id, hour_of_week),
        CONSTRAINT ck_road_speed_hour CHECK (hour_of_week BETWEEN 0 AND 167),
        CONSTRAINT ck_road_speed_driven CHECK (weight > 0 AND pace_sum_s_km > 0),
        CONSTRAINT fk_road_speed_version_road_learning
            FOREIGN KEY (version) REFERENCES road_learning (no)
    )
    """,
)


def upgrade() -> None:
    """Make room for learned speeds."""
    for statement in STATEMENTS:
        op.execute(statement)

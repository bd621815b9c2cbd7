"""Exchanges of accepted orders that drivers are asked about, and what they answer.

A version of before writes none of these rows, and asks nobody.
"""

from alembic import op

revision = "0031"
down_revision = "0030"

STATEMENTS = (
    """
    CREATE TABLE exchange_proposal (
        id uuid NOT NULL,
        round_id uuid NOT NULL,
        actor_no bigint NOT NULL,
        sentence varchar NOT NULL,
        gain_s integer NOT NULL,
        proposed_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        state varchar NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_exchange_proposal PRIMARY KEY (id),
        CONSTRAINT fk_exchange_proposal_round_id
            FOREIGN KEY (round_id) REFERENCES auto_dispatch_round (id),
        CONSTRAINT fk_exchange_proposal_actor_no FOREIGN KEY (actor_no) REFERENCES person (no),
        CONSTRAINT ck_exchange_proposal_time CHECK (expires_at > proposed_at),
        CONSTRAINT ck_exchange_proposal_ended CHECK ((state = 'open') = (ended_at IS NULL))
    )
    """,
    "CREATE INDEX ix_exchange_proposal_round_id ON exchange_proposal (round_id)",
    "CREATE INDEX ix_exchange_proposal_open ON exchange_proposal (id) WHERE state = 'open'",
    """
    CREATE TABLE exchange_part (
        proposal_id uuid NOT NULL,
        order_id uuid NOT NULL,
        revision integer NOT NULL,
        driver_no bigint NOT NULL,
        change jsonb NOT NULL,
        is_asked boolean NOT NULL,
        is_open boolean NOT NULL,
        answer varchar,
        answered_at timestamptz,
        CONSTRAINT pk_exchange_part PRIMARY KEY (proposal_id, order_id),
        CONSTRAINT fk_exchange_part_proposal_id
            FOREIGN KEY (proposal_id) REFERENCES exchange_proposal (id),
        CONSTRAINT fk_exchange_part_order_id FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT fk_exchange_part_driver_no FOREIGN KEY (driver_no) REFERENCES driver (no),
        CONSTRAINT ck_exchange_part_answer
            CHECK ((answer IS NULL) = (answered_at IS NULL) AND (is_asked OR answer IS NULL))
    )
    """,
    "CREATE INDEX ix_exchange_part_order_id ON exchange_part (order_id)",
    "CREATE UNIQUE INDEX exchange_order_once ON exchange_part (order_id) WHERE is_open",
    "CREATE UNIQUE INDEX exchange_driver_once ON exchange_part (driver_no) WHERE is_open",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)

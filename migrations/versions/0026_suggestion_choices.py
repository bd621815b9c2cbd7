"""By which suggestion an order was given another vehicle or driver, where somebody named one."""

from alembic import op

revision = "0026"
down_revision = "0025"

STATEMENTS = (
    """
    CREATE TABLE suggestion_choice (
        order_id uuid NOT NULL,
        at timestamptz NOT NULL,
        suggestion_id uuid NOT NULL,
        CONSTRAINT pk_suggestion_choice PRIMARY KEY (order_id, at),
        CONSTRAINT fk_suggestion_choice_order_id FOREIGN KEY (order_id) REFERENCES orders (id),
        CONSTRAINT fk_suggestion_choice_suggestion_id
            FOREIGN KEY (suggestion_id) REFERENCES suggestion (id)
    )
    """,
    "CREATE INDEX ix_suggestion_choice_suggestion_id ON suggestion_choice (suggestion_id)",
)


def upgrade() -> None:
    """Add the table."""
    for statement in STATEMENTS:
        op.execute(statement)

"""A vehicle and a driver are out on one order at a time.

What stands against it is told, not mended: only people know which of the two has come back.
"""

from alembic import op

revision = "0025"
down_revision = "0024"

STATEMENTS = (
    """
    DO $$
    DECLARE twice text;
    BEGIN
        SELECT string_agg(ids, '; ') INTO twice FROM (
            SELECT string_agg(id::text, ', ' ORDER BY id) AS ids FROM orders
            WHERE state IN ('departed', 'arrived', 'returning') AND vehicle_no IS NOT NULL
            GROUP BY vehicle_no HAVING count(*) > 1
            UNION
            SELECT string_agg(id::text, ', ' ORDER BY id) FROM orders
            WHERE state IN ('departed', 'arrived', 'returning') AND driver_no IS NOT NULL
            GROUP BY driver_no HAVING count(*) > 1
        ) AS together;
        IF twice IS NOT NULL THEN
            RAISE EXCEPTION 'orders are out together with one vehicle or one driver: %', twice
                USING HINT = 'End all but one of each: let the driver return, or interrupt it.';
        END IF;
    END $$
    """,
    """
    CREATE UNIQUE INDEX vehicle_out_once ON orders (vehicle_no)
        WHERE state IN ('departed', 'arrived', 'returning')
    """,
    """
    CREATE UNIQUE INDEX driver_out_once ON orders (driver_no)
        WHERE state IN ('departed', 'arrived', 'returning')
    """,
    # The unique one finds the same rows.
    "DROP INDEX ix_orders_on_the_road",
)


def upgrade() -> None:
    """Refuse a second departure of whoever is still out."""
    for statement in STATEMENTS:
        op.execute(statement)

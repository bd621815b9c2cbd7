"""Erasing requests, orders and filings whose time is over, unless a hold covers them.

A vehicle's hold covers its orders and filings of the period; a person's hold those that they
drove, asked for, rode in or dispatched. A request and its order stay or go together.
"""

from sqlalchemy import text

from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Eraser, Erasure, record_erasure
from fleet.retention.store import lock_retention
from kit.database import Sessions, transaction

_OPEN_HOLD = "SELECT FROM hold h WHERE h.released_at IS NULL"

_ORDERS = f"""
    CREATE TEMP TABLE old_order ON COMMIT DROP AS
    SELECT o.id FROM orders o
    WHERE greatest(upper(o.period), o.returned_at) < :before
      AND o.state IN ('archived', 'cancelled', 'interrupted')
      AND NOT EXISTS (
          {_OPEN_HOLD} AND h.period && o.period AND (
              h.vehicle_no = o.vehicle_no OR h.person_no = o.dispatcher_no
              OR h.person_no = (SELECT d.person_no FROM driver d WHERE d.no = o.driver_no)
              OR EXISTS (
                  SELECT FROM order_run r LEFT JOIN driver d ON d.no = r.driver_no
                  WHERE r.order_id = o.id
                    AND (h.vehicle_no = r.vehicle_no OR h.person_no = d.person_no))))
"""  # noqa: S608 - a constant of ours
_REQUESTS = f"""
    CREATE TEMP TABLE old_request ON COMMIT DROP AS
    SELECT r.id FROM request r
    WHERE upper(r.period) < :before
      AND r.state IN ('archived', 'rejected', 'withdrawn', 'cancelled', 'interrupted')
      AND NOT EXISTS (
          {_OPEN_HOLD} AND h.period && r.period AND h.person_no IN (r.applicant_no, r.passenger_no))
"""  # noqa: S608
_FILINGS = f"""
    filing f WHERE upper(f.period) < :before AND NOT EXISTS (
        {_OPEN_HOLD} AND h.period && f.period AND (
            h.vehicle_no = f.vehicle_no OR h.person_no IN (f.filed_by_no, f.accepted_by_no)))
"""
# A round is kept as long as what it decided about one request.
_ROUNDS = """
    auto_dispatch_round r WHERE r.at < :before AND NOT EXISTS (
        SELECT FROM auto_dispatch_note n
        WHERE n.round_id = r.id AND n.request_id NOT IN (SELECT id FROM old_request))
      AND NOT EXISTS (
        SELECT FROM exchange_proposal p JOIN exchange_part x ON x.proposal_id = p.id
        WHERE p.round_id = r.id AND x.order_id NOT IN (SELECT id FROM old_order))
"""
_PLANS = """
    plan p WHERE p.day < CAST(:before AS timestamptz)::date AND NOT EXISTS (
        SELECT FROM plan_line l WHERE l.plan_id = p.id)
"""
# A series goes with the last of its rides; one that was never approved when its days are over.
_SERIES = f"""
    request_series s WHERE s.last_day < CAST(:before AS timestamptz)::date
      AND s.state IN ('rejected', 'withdrawn', 'approved', 'ended')
      AND NOT EXISTS (SELECT FROM series_ride r WHERE r.series_id = s.id)
      AND NOT EXISTS (
          {_OPEN_HOLD} AND h.period && tstzrange(s.first_day, s.last_day + 1)
            AND h.person_no IN (s.applicant_no, s.passenger_no))
"""
# What one of a pair, or of a mission, keeps, the others are kept for; repeated until nothing more
# is taken back.
_TAKE_BACK = (
    """
    DELETE FROM old_order o USING order_request l
    WHERE l.order_id = o.id AND l.request_id NOT IN (SELECT id FROM old_request)
    """,
    """
    DELETE FROM old_request r USING order_request l
    WHERE l.request_id = r.id AND l.order_id NOT IN (SELECT id FROM old_order)
    """,
    """
    DELETE FROM old_order o USING order_waypoint l
    WHERE l.order_id = o.id AND l.request_id NOT IN (SELECT id FROM old_request)
    """,
    """
    DELETE FROM old_request r USING order_waypoint l
    WHERE l.request_id = r.id AND l.order_id NOT IN (SELECT id FROM old_order)
    """,
    """
    DELETE FROM old_request r USING mission_ride m
    WHERE m.request_id = r.id AND EXISTS (
        SELECT FROM mission_ride o WHERE o.mission_no = m.mission_no
          AND o.request_id NOT IN (SELECT id FROM old_request))
    """,
)
_OLD_ORDERS, _OLD_REQUESTS = "(SELECT id FROM old_order)", "(SELECT id FROM old_request)"
# A mission goes with the last of its requests; one that was never approved has none.
_MISSIONS = """
    CREATE TEMP TABLE old_mission ON COMMIT DROP AS
    SELECT m.no FROM mission m
    WHERE EXISTS (SELECT FROM mission_ride r JOIN old_request o ON o.id = r.request_id
                  WHERE r.mission_no = m.no)
       OR upper(m.period) < :before
          AND NOT EXISTS (SELECT FROM mission_ride r
                          WHERE r.mission_no = m.no AND r.request_id IS NOT NULL)
"""
_OLD_MISSIONS = "(SELECT no FROM old_mission)"
_OLD_MOBILISATIONS = """(
    SELECT m.no FROM mobilisation m WHERE upper(m.period) < :before AND NOT EXISTS (
        SELECT FROM mobilisation_order o WHERE o.mobilisation_no = m.no
          AND o.order_id NOT IN (SELECT id FROM old_order)))"""
# Children before their parents.
_ROWS = {
    "mission_ride": f"mission_ride WHERE mission_no IN {_OLD_MISSIONS}",
    "mission_person": f"mission_person WHERE mission_no IN {_OLD_MISSIONS}",
    "mission": f"mission WHERE no IN {_OLD_MISSIONS}",
    "mobilisation_unit": f"mobilisation_unit WHERE mobilisation_no IN {_OLD_MOBILISATIONS}",
    "mobilisation_order": f"mobilisation_order WHERE order_id IN {_OLD_ORDERS}",
    "mobilisation": f"mobilisation WHERE no IN {_OLD_MOBILISATIONS}",
    "exchange_part": f"exchange_part WHERE order_id IN {_OLD_ORDERS}",
    "exchange_proposal": """exchange_proposal p WHERE p.proposed_at < :before
        AND NOT EXISTS (SELECT FROM exchange_part x WHERE x.proposal_id = p.id)""",
    "auto_dispatch_note": f"auto_dispatch_note WHERE request_id IN {_OLD_REQUESTS}",
    "auto_dispatch_round": _ROUNDS,
    "plan_line": f"plan_line WHERE request_id IN {_OLD_REQUESTS}",
    "plan": _PLANS,
    "reservation": f"reservation WHERE request_id IN {_OLD_REQUESTS}",
    "promise": f"promise WHERE request_id IN {_OLD_REQUESTS}",
    "suggestion_record": f"""suggestion_record WHERE suggestion_id IN (
        SELECT id FROM suggestion WHERE request_id IN {_OLD_REQUESTS})""",  # noqa: S608
    "suggestion_choice": f"suggestion_choice WHERE order_id IN {_OLD_ORDERS}",
    "suggestion": f"suggestion WHERE request_id IN {_OLD_REQUESTS}",
    "sharing_consent": f"sharing_consent WHERE request_id IN {_OLD_REQUESTS}",
    "order_waypoint": f"order_waypoint WHERE order_id IN {_OLD_ORDERS}",
    "series_ride": f"series_ride WHERE request_id IN {_OLD_REQUESTS}",
    "request_series": _SERIES,
    "order_request": f"order_request WHERE order_id IN {_OLD_ORDERS}",
    "slip_amendment": f"""slip_amendment WHERE slip_id IN (
        SELECT id FROM slip WHERE order_id IN {_OLD_ORDERS})""",  # noqa: S608
    "slip": f"slip WHERE order_id IN {_OLD_ORDERS}",
    "departure_check": f"departure_check WHERE order_id IN {_OLD_ORDERS}",
    "order_run": f"order_run WHERE order_id IN {_OLD_ORDERS}",
    "order_step": f"order_step WHERE order_id IN {_OLD_ORDERS}",
    "orders": f"orders WHERE id IN {_OLD_ORDERS}",
    "request_step": f"request_step WHERE request_id IN {_OLD_REQUESTS}",
    "request": f"request WHERE id IN {_OLD_REQUESTS}",
    "filing": _FILINGS,
}


async def erase_orders(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase what was asked for, ordered and filed before `erasure.before`."""
    told = {"before": erasure.before}
    counts: dict[str, int] = {}
    async with transaction(sessions) as session:
        await lock_retention(session)
        for statement in (_ORDERS, _REQUESTS):
            await session.execute(text(statement), told)
        taken = True
        while taken:
            taken = False
            for statement in _TAKE_BACK:
                rows = await session.execute(text(statement + " RETURNING 1"))
                taken = bool(rows.all()) or taken
        await session.execute(text(_MISSIONS), told)
        for table, condition in _ROWS.items():
            bound = told if ":before" in condition else {}
            count = text(f"SELECT count(*) FROM {condition}")  # noqa: S608 - our own names
            counts[table] = await session.scalar(count, bound) or 0
            if not erasure.dry_run:
                await session.execute(text(f"DELETE FROM {condition}"), bound)  # noqa: S608
        if not erasure.dry_run:
            record_erasure(session, erasure, counts)
        for table in ("old_order", "old_request", "old_mission"):
            await session.execute(text(f"DROP TABLE {table}"))
    return counts


ERASERS: tuple[tuple[DataKind, Eraser], ...] = ((DataKind.ORDERS, erase_orders),)

"""Use cases that read suggestions back: as shown, all left out by pages, and explained.

A suggestion rests on the scope of whoever asked for it. Somebody else who may dispatch for the
request's unit reads it without the vehicles of units outside their own scope.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.suggestions import store
from dispatch.suggestions.explanation import Told, sentences
from dispatch.suggestions.names import read_names
from dispatch.suggestions.record import Record, unpack
from dispatch.suggestions.replay import replay
from dispatch.suggestions.schemas import ExplanationOut, LeftOutPage, SuggestionKept
from dispatch.suggestions.views import left_out_vehicles
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.paging import decode_cursor, encode_cursor, number_in


@dataclass(frozen=True, slots=True)
class _Read:
    """A kept suggestion; a record that no earlier version made; the vehicles that may be seen."""

    kept: store.Kept
    record: Record | None
    seen: frozenset[int]


async def read_suggestion(
    session: AsyncSession, actor: Actor, suggestion_id: UUID
) -> SuggestionKept:
    """Return a suggestion as it was shown. Raises NotFound."""
    read = await _read(session, actor, suggestion_id)
    suggestion, record = read.kept.suggestion, read.record
    candidates: Sequence[dict[str, object]] = suggestion.candidates
    left_out: Sequence[dict[str, object]] = suggestion.left_out
    if record is not None:
        candidates = [
            shown
            for shown, placed in zip(candidates, record.candidates, strict=True)
            if placed.vehicle_no in read.seen
        ]
        left_out = [
            shown
            for shown, entry in zip(left_out, record.left_out, strict=False)
            if entry.vehicle_no in read.seen
        ]
    stored = read.kept.record
    return SuggestionKept.model_validate(
        {
            "id": suggestion.id,
            "request_id": suggestion.request_id,
            "order_id": suggestion.chosen_order_id,
            "at": record.at.now if record else suggestion.recorded_at,
            "travel_times": suggestion.travel_times,
            "map_version": stored.map_version if stored else None,
            "rules_version": stored.rules_version if stored else None,
            "record_sha256": stored.sha256.hex() if stored else None,
            "candidates": candidates,
            "hidden": len(suggestion.candidates) - len(candidates),
            "left_out": left_out,
            "left_out_total": len(record.left_out) if record else len(left_out),
            "left_out_by_rule": record.left_out.by_rule() if record else {},
        }
    )


async def list_left_out(
    session: AsyncSession,
    actor: Actor,
    suggestion_id: UUID,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> LeftOutPage:
    """Return a page of the vehicles left out, the nearest first. Raises NotFound, BadCursor."""
    read = await _read(session, actor, suggestion_id)
    key = decode_cursor(cursor, 1)
    begin = number_in(key[0]) if key else 0
    entries = [
        one for one in (read.record.left_out if read.record else ()) if one.vehicle_no in read.seen
    ]
    page, end = entries[begin : begin + limit], begin + limit
    names = await read_names(session, [one.vehicle_no for one in page], (), now)
    return LeftOutPage(
        items=left_out_vehicles(page, names),
        next_cursor=encode_cursor([end]) if end < len(entries) else None,
    )


async def explain_order(
    session: AsyncSession, actor: Actor, order_id: UUID, now: datetime
) -> ExplanationOut:
    """Return in sentences why an order has its vehicle. Raises NotFound."""
    order = await session.get(Order, order_id)
    scope = actor.scope(Permission.ORDER_ASSIGN)
    if order is None or not {order.organisation_no, order.issuer_no} & scope:
        raise NotFound
    told = await told_of(session, order, now, scope)
    if told is None:
        return ExplanationOut(order_id=order.id, lines=[NOT_SUGGESTED], replayed=None)
    lines = await asyncio.to_thread(lambda: list(sentences(told)))
    return ExplanationOut(order_id=order.id, lines=lines, replayed=told.replay.is_same)


NOT_SUGGESTED = "No suggestion that can be replayed led to this order: it was chosen without one."


async def told_of(
    session: AsyncSession,
    order: Order,
    now: datetime,
    scope: frozenset[int] | None = None,
    maps_dir: Path | None = None,
) -> Told | None:
    """Return what explains an order, None where no recorded suggestion led to it.

    scope: the units of whose vehicles may be told; None for all
    maps_dir: where maps are kept, to see whether that of the record still is; None: it isn't looked
    """
    kept = await store.suggestion_of_order(session, order.id)
    if kept is None or kept.record is None:
        return None
    record = await asyncio.to_thread(unpack, kept.record.content, kept.record.sha256)
    replayed = await asyncio.to_thread(replay, record)
    chosen = await store.chosen_by(session, order)
    names = await read_names(
        session,
        record.choices.nos.tolist(),
        {one.driver_no for one in record.candidates},
        now,
    )
    return Told(
        asked=await store.asked_in_words(session, kept.suggestion.request_id),
        chosen=chosen,
        record=record,
        replay=replayed,
        names=names,
        seen=None if scope is None else _vehicles_of(record, scope),
        map_is_there=_map_is_there(record, maps_dir),
    )


def _map_is_there(record: Record, maps_dir: Path | None) -> bool | None:
    if record.map_version is None or maps_dir is None:
        return None
    return (maps_dir / record.map_version).is_dir()


async def _read(session: AsyncSession, actor: Actor, suggestion_id: UUID) -> _Read:
    scope = actor.scope(Permission.ORDER_ASSIGN)
    seen = Request.organisation_no.in_(scope)
    kept = await store.find_suggestion(session, suggestion_id, seen)
    if kept is None:
        raise NotFound
    if kept.record is None:
        return _Read(kept, None, frozenset())
    record = await asyncio.to_thread(unpack, kept.record.content, kept.record.sha256)
    return _Read(kept, record, _vehicles_of(record, scope))


def _vehicles_of(record: Record, scope: frozenset[int]) -> frozenset[int]:
    """Return the vehicles that units of the scope used."""
    units = record.choices.facts["unit_no"]
    inside = units.of(lambda unit: unit in scope).as_numbers().astype(np.bool_)
    return frozenset(record.choices.nos[inside].tolist())

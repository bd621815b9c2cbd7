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

from dispatch.missions.named import hides_order, open_request
from dispatch.suggestions import choice_store, store
from dispatch.suggestions.choice import Choice, Round, rank_of
from dispatch.suggestions.errors import RecordUnreadable
from dispatch.suggestions.explanation import Matched, Suggested, Told, Unreadable, sentences
from dispatch.suggestions.names import read_names
from dispatch.suggestions.packing import BROKEN
from dispatch.suggestions.proof import changes_since, differs_from_shown
from dispatch.suggestions.record import Record, unpack
from dispatch.suggestions.replay import replay
from dispatch.suggestions.rounds import replayed
from dispatch.suggestions.schemas import ExplanationOut, LeftOutPage, SuggestionKept
from dispatch.suggestions.views import left_out_vehicles
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.lists import within
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
    """Return a suggestion as it was shown. Raises NotFound, RecordUnreadable."""
    read = await _read(session, actor, suggestion_id)
    suggestion, record = read.kept.suggestion, read.record
    candidates: Sequence[dict[str, object]] = suggestion.candidates
    left_out: Sequence[dict[str, object]] = suggestion.left_out
    if record is not None:
        if len(candidates) != len(record.candidates):
            raise RecordUnreadable
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
    """Return a page of the vehicles left out, the nearest first.

    Raises NotFound, BadCursor, RecordUnreadable.
    """
    read = await _read(session, actor, suggestion_id)
    key = decode_cursor(cursor, 1)
    begin = number_in(key[0]) if key else 0
    entries = [
        one for one in (read.record.left_out if read.record else ()) if one.vehicle_no in read.seen
    ]
    page, end = entries[begin : begin + limit], begin + limit
    names = await read_names(session, [one.vehicle_no for one in page], (), now)
    if not names.vehicles.keys() >= {one.vehicle_no for one in page}:
        raise RecordUnreadable
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
    if await hides_order(session, actor, order.id):
        raise NotFound
    told = await told_of(session, order, now, scope)
    lines = await asyncio.to_thread(lambda: list(sentences(told)))
    return ExplanationOut(order_id=order.id, lines=lines, replayed=told.is_same)


async def told_of(
    session: AsyncSession,
    order: Order,
    now: datetime,
    scope: frozenset[int] | None = None,
    maps_dir: Path | None = None,
) -> Told:
    """Return what explains an order: every choice in its order.

    scope: the units of whose vehicles and requests may be told; None for all
    maps_dir: where maps are kept, to see whether that of the record still is; None: it isn't looked
    """
    choices = await choice_store.choices_of(session, order)
    requests = None
    if scope is not None:
        rounds = [one.round for one in choices if one.round is not None]
        requests = await choice_store.requests_told(session, order, rounds, scope)
    return Told(
        asked=await choice_store.asked_in_words(session, order),
        choices=[
            (choice, await _suggested(session, choice, now, scope, maps_dir)) for choice in choices
        ],
        rounds={
            choice.round.at: await asyncio.to_thread(_matched, choice.round, content, sha256)
            for choice in choices
            if choice.round is not None
            if (content := choice.round.content) is not None
            if (sha256 := choice.round.sha256) is not None
        },
        requests=requests,
    )


def _matched(kept: Round, content: bytes, sha256: bytes) -> Matched:
    try:
        return Matched(replayed(content, sha256, kept.requests))
    except ValueError as error:
        return Matched((f"not matched: {error}",))


async def _suggested(
    session: AsyncSession,
    choice: Choice,
    now: datetime,
    scope: frozenset[int] | None,
    maps_dir: Path | None,
) -> Suggested | Unreadable | None:
    """Return the suggestion of a choice, replayed; None where it has none with a record."""
    if choice.suggestion_id is None:
        return None
    kept = await store.kept_suggestion(session, choice.suggestion_id)
    if kept is None or kept.record is None:
        return None
    shown, stored = kept.suggestion, kept.record
    place = rank_of(shown.candidates, choice.becomes)
    try:
        record = await asyncio.to_thread(unpack, stored.content, stored.sha256)
        replayed = await asyncio.to_thread(replay, record)
        seen = None if scope is None else _vehicles_of(record, scope)
    except BROKEN as error:
        why = str(error) if isinstance(error, ValueError) else "the record can't be read"
        return Unreadable(shown.recorded_at, place, why)
    drivers = {one.driver_no for one in record.candidates}
    names = await read_names(session, record.choices.nos.tolist(), drivers, now)
    digest = await store.journalled_digest(session, shown)
    return Suggested(
        record=record,
        replay=replayed,
        names=names,
        rank=place,
        doubts=(
            *changes_since(digest, stored.sha256),
            *differs_from_shown(record, shown.candidates, shown.left_out, names),
        ),
        seen=seen,
        map_is_there=_map_is_there(record, maps_dir),
    )


def _map_is_there(record: Record, maps_dir: Path | None) -> bool | None:
    if record.map_version is None or maps_dir is None:
        return None
    return (maps_dir / record.map_version).is_dir()


async def _read(session: AsyncSession, actor: Actor, suggestion_id: UUID) -> _Read:
    scope = actor.scope(Permission.ORDER_ASSIGN)
    seen = within(Request.organisation_no, scope) & open_request(actor)
    kept = await store.find_suggestion(session, suggestion_id, seen)
    if kept is None:
        raise NotFound
    if kept.record is None:
        return _Read(kept, None, frozenset())
    try:
        record = await asyncio.to_thread(unpack, kept.record.content, kept.record.sha256)
        return _Read(kept, record, _vehicles_of(record, scope))
    except BROKEN as error:
        raise RecordUnreadable from error


def _vehicles_of(record: Record, scope: frozenset[int]) -> frozenset[int]:
    """Return the vehicles that units of the scope used."""
    units = record.choices.facts["unit_no"]
    inside = units.of(lambda unit: unit in scope).as_numbers().astype(np.bool_)
    return frozenset(record.choices.nos[inside].tolist())

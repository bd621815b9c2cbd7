"""Every list of the API goes out as a spreadsheet, or it is said here why not."""

from collections.abc import Iterator

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter
from starlette.routing import BaseRoute

from gateway.http.exchange import SHEETS
from tests.fleet.exchange.sheets import API
from tests.support.world import World, log_in

# Address of a list → the sheet that holds its rows under another name.
ELSEWHERE = {
    "/drivers/{id}/shifts": "shifts",
    "/drivers/{id}/leaves": "leaves",
}

NOT_EXPORTED = {
    "/calendar/versions": "one document of a year each, by /calendar/preview and /calendar/import",
    "/sealings/{sealing_id}/vehicles": "the vehicles' sheet, as one sealing concerns them",
    "/sealings/{sealing_id}/orders": "the orders' sheet, as one sealing forbids them",
    "/retention": "a handful of settings",
    "/rules/values": "settings, each inherited by its own way",
    "/rules": "settings",
    "/fleet/summary": "sums, not a list",
    "/sessions": "who is logged in now; of use only at once",
    "/tokens": "one's own tokens",
    "/regions": "GB/T 2260, public",
    "/journal": "goes out with its proofs: /journal/export",
    "/delegations": "one's own, or of few people at a time",
    "/custodies/{id}/holders": "the history of one thing",
    "/vehicles/{id}/events": "the life of one vehicle",
    "/vehicles/{id}/plates": "the plates of one vehicle",
    "/documents": "files, which a cell can't hold",
    "/vehicles/{id}/documents": "files, which a cell can't hold",
    "/secret-vehicle-counts": "counts that are reported on their own way",
    "/applications": "each is a form with steps, read one by one",
    "/positions": "a track needs a sitting, which an export must ask for: not built yet",
    "/trips": "a track needs a sitting, which an export must ask for: not built yet",
    "/stops": "a track needs a sitting, which an export must ask for: not built yet",
    "/positions/live": "the moment, gone before a file is opened",
    "/positions/near": "a question about a place and a time, asked in a sitting",
    "/positions/nearest-at": "a question about a place and a time, asked in a sitting",
    "/positions/nearest": "the moment, gone before a file is opened",
    "/quarantine": "raw frames for whoever looks after terminals",
    "/unknown-terminals": "knocks at the door for whoever looks after terminals",
    "/purposes": "a code list",
    "/missions": "for the people named in it, and no file is",
    "/missions/busy": "a question about a period, for the board",
    "/board": "a picture of a period, drawn anew every few seconds",
    "/board/reservations": "promises that become orders, which go out",
    "/mobilisations": "few, each with its signatures",
    "/mobilisations/{mobilisation_id}/vehicles": "the vehicles' sheet, as one call-up concerns it",
    "/mobilisations/{mobilisation_id}/orders": "the orders' sheet, as one call-up made it",
    "/missions/{mission_id}/arrivals": "the moment, gone before a file is opened",
    "/orders/{order_id}/slip": "one slip",
    "/orders/warnings": "the moment, gone before a file is opened",
    "/orders/{order_id}/departure-checks": "the checks of one order",
    "/suggestions/{suggestion_id}/left-out": "of one suggestion, kept with its proof",
    "/place-search": "a question",
    "/outages": "not built yet",
    "/request-series": "each ride is a request, and those go out",
    "/reservations": "promises that become orders, which go out",
    "/reservations/endangered": "the moment, gone before a file is opened",
    "/plans": "proposals that become orders, which go out",
    "/proposals": "the moment, gone before a file is opened",
    "/requests/{request_id}/shared-rides": "the moment, gone before a file is opened",
    "/duty-dispatchers": "a handful of people",
    "/people/{id}/allowances": "the history of one person",
    "/duplicates/vehicles": "to be decided one by one",
    "/duplicates/organisations": "to be decided one by one",
}

READERS = (
    "manager", "authority", "dispatcher", "supervisor", "secadmin", "sysadmin", "clerk_a",
    "auditor",
)  # fmt: skip


def lists_of(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if isinstance(included, APIRouter):
            yield from lists_of(included.routes)
        elif (
            isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and "items" in getattr(route.response_model, "model_fields", {})
        ):
            yield route.path


def test_every_list_has_an_export_or_a_reason(app: FastAPI) -> None:
    lists = set(lists_of(app.router.routes))
    assert len(lists) > 40
    exported = {sheet.name for sheet in SHEETS}
    assert set(ELSEWHERE.values()) <= exported
    without = {path for path in lists if path.strip("/") not in exported and path not in ELSEWHERE}
    assert without == set(NOT_EXPORTED)


async def test_every_sheet_goes_out_to_somebody_and_not_to_everybody(
    client: httpx.AsyncClient, world: World
) -> None:
    open_to: dict[str, list[str]] = {sheet.name: [] for sheet in SHEETS}
    for username in (*(one for one in READERS if one in world.people), "driver_a1"):
        await log_in(client, username)
        for sheet in SHEETS:
            answer = await client.get(f"{API}/{sheet.name}.csv?q=x")
            if answer.status_code == 429:
                continue
            assert answer.status_code in (200, 403), answer.text
            if answer.status_code == 200:
                open_to[sheet.name].append(username)
    assert [name for name, people in open_to.items() if not people] == []

"""Tries one recipe as everybody, everywhere, and says what was wrong."""

from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

import httpx

from fleet.permissions import ROLE_PERMISSIONS
from fleet.words import Role
from tests.access.cast import OWNERS, Cast, Where, narrow_token
from tests.access.recipe import EVERYBODY, FOUND, UNSHOWN, Ask, Outside, Recipe
from tests.access.seeds.made import Seeds
from tests.gateway.http.routes_of import Declared

API = "/api/v1"
TOKEN_NOT_ENOUGH = "/problems/token-not-enough"


@dataclass
class Tally:
    """Cases tried by position, and what was wrong with any."""

    tried: dict[str, int] = field(default_factory=dict)
    shown: int = 0
    wrong: list[str] = field(default_factory=list)

    def count(self, position: str) -> None:
        self.tried[position] = self.tried.get(position, 0) + 1


async def walk(
    client: httpx.AsyncClient, declared: Declared, recipe: Recipe, seeds: Seeds, cast: Cast
) -> Tally:
    """Ask the route as nobody, and as each role in each position."""
    tally = Tally()
    asked = recipe.ask(seeds)
    nobody = await send(client, declared, asked, None)
    tally.count("nobody")
    if declared.checks and nobody.status_code != 401:
        tally.wrong.append(f"{recipe.route} as nobody: {nobody.status_code} {nobody.text[:200]}")
    for role in Role:
        for where in (Where.INSIDE, Where.BESIDE, Where.ABOVE):
            member = cast[role, Where.TOP if recipe.top and where is Where.INSIDE else where]
            answer = await send(client, declared, asked, member.token)
            tally.count(where)
            fault = _fault(recipe, declared, role, where, asked, answer, tally)
            if fault:
                said = f"{answer.status_code} {answer.text[:300]}"
                tally.wrong.append(f"{recipe.route} as {role} {where}: {fault}; got {said}")
    if not tally.shown and recipe.route not in UNSHOWN:
        tally.wrong.append(f"{recipe.route}: nobody was shown A's object inside its scope")
    return tally


async def try_narrow_tokens(
    client: httpx.AsyncClient, declared: Declared, recipe: Recipe, seeds: Seeds
) -> list[str]:
    """Ask a route of own objects as their owners' programs; return what they should not get."""
    asked, wrong = recipe.ask(seeds), []
    for owner in OWNERS:
        answer = await send(client, declared, asked, narrow_token(owner))
        kind = answer.json().get("type", "") if answer.is_client_error else ""
        if recipe.outside is Outside.LISTED:
            kept = answer.status_code in FOUND
        elif recipe.outside is Outside.HIDDEN:
            kept = answer.status_code == 404 or kind == TOKEN_NOT_ENOUGH
        else:
            kept = kind == TOKEN_NOT_ENOUGH
        if not kept or any(mark in _text(answer) for mark in asked.marks):
            said = f"{answer.status_code} {answer.text[:300]}"
            wrong.append(f"{recipe.route} by a narrow token of {owner}: {said}")
    return wrong


async def send(
    client: httpx.AsyncClient, declared: Declared, asked: Ask, token: str | None
) -> httpx.Response:
    """Return the answer to one request."""
    path = declared.path.format(**{k: str(v) for k, v in asked.path.items()})
    prefix = "" if path in ("/health", "/metrics") or path.startswith("/maps/") else API
    return await client.request(
        declared.method,
        prefix + path,
        params={k: str(v) for k, v in asked.query.items()},
        headers={"Authorization": f"Bearer {token}"} if token else {},
        json=asked.body,
        files=asked.files,
        content=asked.content,
    )


def _fault(
    recipe: Recipe,
    declared: Declared,
    role: Role,
    where: Where,
    asked: Ask,
    answer: httpx.Response,
    tally: Tally,
) -> str | None:
    """Return what is wrong with an answer, or None; count it when it shows A's object."""
    status = answer.status_code
    permission = next((c.permission for c in declared.checks if c.permission is not None), None)
    if permission is not None and permission not in ROLE_PERMISSIONS[role]:
        return None if status == 403 else "the role may not"
    may = recipe.may if recipe.may is not None else EVERYBODY
    outside = recipe.outside
    if role not in may:
        marked = any(mark in _text(answer) for mark in asked.marks)
        if outside is Outside.LISTED:
            return None if status in FOUND and not marked else "A's objects are not theirs"
        return None if status in recipe.otherwise and not marked else "A's object is not theirs"
    inherited = recipe.inherited and where is Where.ABOVE
    if where is Where.INSIDE or outside is Outside.SHARED or inherited:
        if recipe.only is not None and role not in recipe.only:
            return None if status in recipe.refusal else "a rule of the trade should refuse"
        if status not in recipe.inside:
            return "it should be answered inside the scope"
        if any(mark not in _text(answer) for mark in asked.marks):
            return "A's marks are missing inside the scope"
        if status in FOUND:
            tally.shown += 1
        return None
    if outside is Outside.HIDDEN:
        return None if status == 404 else "the object should not exist outside the scope"
    if outside is Outside.UNKNOWN:
        return None if status == 422 else "what the file names should be unknown outside the scope"
    if outside is Outside.REFUSED:
        return None if status == 403 else "it should be refused below the top"
    marked = any(mark in _text(answer) for mark in asked.marks)
    return None if status in FOUND and not marked else "A's objects stand in the answer outside"


def _text(answer: httpx.Response) -> str:
    """Return what an answer says; a workbook is unpacked, so that its words can be looked for."""
    if "spreadsheet" not in answer.headers.get("content-type", ""):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as book:
        return "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))

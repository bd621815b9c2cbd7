"""Routes of log-in by an OpenID Connect provider.

A browser goes out by `start` and comes back to `callback`, which always sends it on to a page:
logged in, or with a challenge or a problem in the fragment, which the page tells in words.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from fleet.identity.answers import is_encrypted, set_cookie
from fleet.identity.challenges import Challenged
from fleet.identity.errors import OidcRefused
from fleet.identity.log_in import Outcome
from fleet.identity.oidc import CALLBACK, Provider, provider_of
from fleet.identity.oidc_log_in import LIVES, arrive, depart, log_in_subject, new_departure, refused
from fleet.identity.schemas import OidcOut, Pages
from fleet.identity.visits import OnVisit, Visit
from kit.database import Sessions, transaction
from kit.errors import DomainError
from kit.settings import Settings
from kit.web import AppSettings, DbSession

router = APIRouter(prefix="/session/oidc")

COOKIE = "gongche_oidc"
_PATH = CALLBACK.rpartition("/")[0]
_HOME: dict[str, str] = {"console": "/", "phone": "/m"}
_REDIRECT: dict[int | str, dict[str, object]] = {303: {"description": "Go on there"}}

Given = Annotated[str | None, Query(max_length=4_000)]


@router.get("")
async def read_oidc(settings: AppSettings) -> OidcOut:
    """Say whether log-in by a provider is set up."""
    try:
        provider_of(settings)
    except DomainError:
        return OidcOut(enabled=False, label=settings.oidc_label)
    return OidcOut(enabled=True, label=settings.oidc_label)


@router.get("/start", status_code=303, response_class=Response, responses=_REDIRECT)
async def start_oidc(
    session: DbSession, visit: OnVisit, pages: Pages = "console", fresh: bool = False
) -> Response:
    """Send a browser to the provider to log in.

    With `fresh` the provider asks for a proof even of somebody whom it remembers.
    """
    provider = provider_of(visit.settings)
    departure = new_departure()
    # No connection of the database waits for the provider: its session takes one when first used.
    response = _go(await provider.address(departure.state, departure.secret, fresh=fresh))
    await depart(session, visit, departure)
    response.set_cookie(
        COOKIE,
        f"{pages}.{departure.secret}",
        max_age=int(LIVES.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_encrypted(visit.settings),
    )
    return response


@router.get("/callback", status_code=303, response_class=Response, responses=_REDIRECT)
async def finish_oidc(
    request: Request,
    visit: OnVisit,
    state: Given = None,
    code: Given = None,
    error: Given = None,
) -> Response:
    """Take the provider's answer, begin the session, and send the browser on to its page."""
    provider = provider_of(visit.settings)
    sessions: Sessions = request.app.state.sessions
    pages, _, secret = request.cookies.get(COOKIE, "").partition(".")
    try:
        outcome = await _outcome(sessions, visit, provider, state, code, error, secret)
    except DomainError as problem:
        outcome = problem
    response = _answer(visit.settings, _HOME.get(pages, "/"), outcome)
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="lax")
    return response


async def _outcome(
    sessions: Sessions,
    visit: Visit,
    provider: Provider,
    state: str | None,
    code: str | None,
    error: str | None,
    secret: str,
) -> Outcome:
    async with transaction(sessions) as session:
        if state is None or not await arrive(session, visit, state):
            return refused(session, visit, "unknown or used state")
        if error is not None or code is None or not secret:
            return refused(session, visit, "the provider refused, or another browser was sent")
    # Between two transactions, so that nothing is held while the provider thinks.
    try:
        subject = await provider.subject(code, secret, visit.now)
    except OidcRefused:
        async with transaction(sessions) as session:
            return refused(session, visit, "the provider's answer can't be trusted")
    async with transaction(sessions) as session:
        return await log_in_subject(session, visit, subject)


def _answer(settings: Settings, home: str, outcome: Outcome) -> RedirectResponse:
    if isinstance(outcome, DomainError):
        return _go(f"{home}#{urlencode({'problem': outcome.problem_type()})}")
    if isinstance(outcome, Challenged):
        facts = {"challenge": outcome.token, "kind": outcome.kind.value}
        return _go(f"{home}#{urlencode(facts)}")
    response = _go(home)
    set_cookie(response, settings, outcome.token)
    return response


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303)

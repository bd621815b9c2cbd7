"""OpenID Connect: the authorization code flow with PKCE, against any provider.

Sources: OpenID Connect Core 1.0 (3.1), OpenID Connect Discovery 1.0 (4), RFC 7636, RFC 9700. It
knows no person and no table: a log-in goes out as an address and comes back as a subject.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from fleet.identity.errors import OidcOff, OidcRefused, ProviderAway
from kit.settings import Settings

CALLBACK = "/api/v1/session/oidc/callback"

# Signatures by the provider's private key; neither `none` nor a key that both sides know.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_WELL_KNOWN = "/.well-known/openid-configuration"
_LEEWAY_S = 60
_PATIENCE_S = 10.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Metadata(BaseModel):
    """What a provider says about itself (Discovery 1.0, section 3), as far as it is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the provider has seen: `id` is unique and stable at `issuer`.

    proved_at: when they last proved themselves to it (`auth_time`), None where it doesn't say
    """

    issuer: str
    id: str
    username: str | None
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider that the settings name, and who we are to it."""

    issuer: str
    discovery_url: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    username_claim: str | None

    async def address(self, state: str, secret: str, *, fresh: bool = False) -> str:
        """Return where to send a browser to log in. Raises ProviderAway.

        fresh: the provider is to ask for a proof even of whom it remembers, and to say when it
        had it (Core 1.0, section 3.1.2.1)
        """
        async with _http() as http:
            metadata = await self._metadata(http)
        url: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            self.client_id,
            "code",
            redirect_uri=self.redirect_uri,
            scope="openid profile",
            state=state,
            nonce=nonce_of(secret),
            code_challenge=create_s256_code_challenge(secret),
            code_challenge_method="S256",
            **({"prompt": "login", "max_age": "0"} if fresh else {}),
        )
        return url

    async def subject(self, code: str, secret: str, now: datetime) -> Subject:
        """Return for whom the provider has issued `code`. Raises OidcRefused, ProviderAway."""
        async with _http() as http:
            metadata = await self._metadata(http)
            token = await self._id_token(http, metadata, code, secret)
            keys = await self._keys(http, metadata)
        return self._trusted(token, keys, nonce_of(secret), now)

    async def _metadata(self, http: httpx.AsyncClient) -> Metadata:
        try:
            metadata = Metadata.model_validate((await _got(http, self.discovery_url)).json())
        except (ValidationError, ValueError) as error:
            raise ProviderAway from error
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        # The issuer must be the one that was asked (Discovery 1.0, section 4.3).
        if metadata.issuer.rstrip("/") != self.issuer or not all(map(is_safe, addresses)):
            raise ProviderAway("The provider's description of itself can't be trusted.")
        return metadata

    async def _id_token(
        self, http: httpx.AsyncClient, metadata: Metadata, code: str, secret: str
    ) -> str:
        """Redeem a code (RFC 6749, section 4.1.3); a public client proves itself by PKCE alone."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": secret,
        }
        proof: httpx.Auth = httpx.Auth()
        if self.client_secret is None:
            form["client_id"] = self.client_id
        else:
            proof = httpx.BasicAuth(quote(self.client_id, ""), quote(self.client_secret, ""))
        try:
            answer = await http.post(metadata.token_endpoint, data=form, auth=proof)
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway from error
        if answer.is_server_error:
            raise ProviderAway
        token = said.get("id_token") if isinstance(said, dict) else None
        if answer.is_error or not isinstance(token, str):
            raise OidcRefused
        return token

    async def _keys(self, http: httpx.AsyncClient, metadata: Metadata) -> KeySet:
        try:
            return KeySet.import_key_set((await _got(http, metadata.jwks_uri)).json())
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderAway from error

    def _trusted(self, token: str, keys: KeySet, nonce: str, now: datetime) -> Subject:
        """Check an ID token (Core 1.0, section 3.1.3.7) and return its subject."""
        seconds = int(now.timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=seconds,
            leeway=_LEEWAY_S,
            iss={"essential": True, "values": [self.issuer, self.issuer + "/"]},
            aud={"essential": True, "value": self.client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise OidcRefused from error
        subject = claims["sub"]
        if claims.get("azp", self.client_id) != self.client_id or not _is_name(subject):
            raise OidcRefused
        name = claims.get(self.username_claim) if self.username_claim else None
        proved_at = _proved_at(claims.get("auth_time"), now)
        return Subject(self.issuer, subject, name if _is_name(name) else None, proved_at)


def provider_of(settings: Settings) -> Provider:
    """Return the provider that is set up. Raises OidcOff."""
    url, client_id = settings.oidc_discovery_url, settings.oidc_client_id
    if not url or not client_id or not url.endswith(_WELL_KNOWN) or not is_safe(url):
        raise OidcOff
    return Provider(
        issuer=url.removesuffix(_WELL_KNOWN).rstrip("/"),
        discovery_url=url,
        client_id=client_id,
        client_secret=settings.oidc_client_secret,
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK,
        username_claim=settings.oidc_username_claim,
    )


def nonce_of(secret: str) -> str:
    """Return the nonce that goes with a browser's secret, which itself is the PKCE verifier.

    Both follow from what the browser alone holds, so that an answer that another browser was sent
    for fits neither (RFC 9700, 4.5 and 4.7).
    """
    digest = hashlib.sha256(b"nonce:" + secret.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_safe(url: str) -> bool:
    """Return whether an address is encrypted, or of this machine itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def _proved_at(auth_time: object, now: datetime) -> datetime | None:
    """Return the instant of a claim in seconds since 1970, never later than now; or None."""
    if type(auth_time) not in (int, float):
        return None
    assert isinstance(auth_time, int | float)
    if not 0 <= auth_time <= now.timestamp() + _LEEWAY_S:
        return None
    return min(datetime.fromtimestamp(auth_time, UTC), now)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


@asynccontextmanager
async def _http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as http:
        yield http


async def _got(http: httpx.AsyncClient, url: str) -> httpx.Response:
    try:
        return (await http.get(url)).raise_for_status()
    except httpx.HTTPError as error:
        raise ProviderAway from error

"""A small OpenID Connect provider on loopback: a process of its own, with a signing key of its own.

It logs in whoever comes, as the query of `/authorize` says. `python -m tests.support.oidc_provider
PORT` serves it; what a test wants wrong in an ID token is told by POST to `/next`.
"""

import asyncio
import base64
import hashlib
import secrets
import sys
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "gongche-test", "a secret: with / signs"


class Provider:
    """What the provider remembers: codes that it has issued, and what to say next."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256", "use": "sig"})
        self.stranger = ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, object] = {}
        self.forged = False

    async def describe(self, _request: Request) -> Response:
        """Answer the discovery document."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _request: Request) -> Response:
        """Answer the public key."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Send the browser back with a code."""
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        """Redeem a code once, for the client that holds its verifier (RFC 7636, section 4.6)."""
        form = await request.form()
        asked = self.codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = asked is not None and asked["code_challenge"] == challenge
        if asked is None or not known or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if not request.headers.get("authorization", "").startswith("Basic "):
            return JSONResponse({"error": "invalid_client"}, 401)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            # Whom it remembers has logged in an hour ago, unless a proof is asked for now.
            "auth_time": now if asked.get("prompt") == "login" else now - 3_600,
        } | self.claims
        key = self.stranger if self.forged else self.key
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, claims, key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    async def next(self, request: Request) -> Response:
        """Take claims that replace the true ones, and whether another key signs."""
        told = await request.json()
        self.claims, self.forged = told["claims"], told["forged"]
        return JSONResponse({})


def main(port: int) -> None:
    """Serve until the process ends."""
    provider = Provider(f"http://127.0.0.1:{port}")
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.describe),
            Route("/keys", provider.keys),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
            Route("/next", provider.next, methods=["POST"]),
        ]
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(int(sys.argv[1]))

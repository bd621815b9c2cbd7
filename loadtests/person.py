"""What all of Locust's people have in common: they are logged in."""

import os

from gevent.lock import BoundedSemaphore
from locust import HttpUser
from locust.clients import HttpSession

# Log-ins of one account are taken one at a time by the server.
LOG_IN = BoundedSemaphore()
TOKENS: dict[str, str] = {}

API = "/api/v1"
PASSWORD = os.environ.get("GONGCHE_PASSWORD", "gongche-demo")


class LoggedIn(HttpUser):
    """Somebody who is logged in; the token stands in every request."""

    abstract = True
    username = ""

    @property
    def token(self) -> str:
        """The token of the account's one log-in."""
        return TOKENS[self.username]

    def on_start(self) -> None:
        """Log in once an account."""
        token = token_of(self.client, self.username, PASSWORD)
        self.client.headers["authorization"] = f"Bearer {token}"


def token_of(client: HttpSession, username: str, password: str) -> str:
    """Return the token of an account, which is logged in once."""
    with LOG_IN:
        if username not in TOKENS:
            body = {"username": username, "password": password}
            answer = client.post(f"{API}/session", json=body)
            answer.raise_for_status()
            client.cookies.clear()
            TOKENS[username] = answer.json()["token"]
        return TOKENS[username]

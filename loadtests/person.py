"""What all of Locust's people have in common: they are logged in."""

import os

from gevent.lock import BoundedSemaphore
from locust import HttpUser

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
        with LOG_IN:
            if self.username not in TOKENS:
                answer = self.client.post(
                    f"{API}/session", json={"username": self.username, "password": PASSWORD}
                )
                answer.raise_for_status()
                self.client.cookies.clear()
                TOKENS[self.username] = answer.json()["token"]
        self.client.headers["authorization"] = f"Bearer {self.token}"

"""People who watch the live map: WebSocket users of Locust, who see how old positions are.

The client is websocket-client (Apache-2.0), which Locust brings along: it blocks on plain sockets,
which Locust has replaced by gevent's.
"""

import json
import os
import time
from itertools import count

import websocket
from locust import constant, task

from loadtests.ages import age_ms
from loadtests.people import FEED
from loadtests.person import LoggedIn

_PATIENCE_S = 20.0
_CENTRE = (43.305, 114.65)
_WIDTHS_DEG = (0.02, 0.1, 0.5, 4.0)
_NUMBERS = count()


class Watcher(LoggedIn):
    """Looks at a part of the map, some closely, some from afar."""

    username = "dispatcher"
    fixed_count = int(os.environ.get("GONGCHE_LOAD_WATCHERS", "10"))
    wait_time = constant(0)

    def on_start(self) -> None:
        """Log in, open the feed and say what is looked at."""
        super().on_start()
        self._width_deg = _WIDTHS_DEG[next(_NUMBERS) % len(_WIDTHS_DEG)]
        self._socket = self._opened()

    def on_stop(self) -> None:
        """Leave."""
        self._socket.close()

    @task
    def watch(self) -> None:
        """Take one message; tell how old the oldest position in it is, or that the feed ended."""
        try:
            text = self._socket.recv()
        except (OSError, websocket.WebSocketException) as error:
            self._tell(None, 0, error)
            self._socket = self._opened()
            return
        message = json.loads(text) if text else {}
        if message.get("type") == "update":
            now_s = time.time()
            ages_ms = [
                age for one in message["vehicles"] if (age := age_ms(one, now_s)) is not None
            ]
            if ages_ms:
                self._tell(max(ages_ms), len(text), None)

    def _opened(self) -> websocket.WebSocket:
        url = f"{str(self.host).replace('http', 'ws', 1)}/ws/live"
        socket = websocket.create_connection(url, timeout=_PATIENCE_S)
        half = self._width_deg / 2
        south, west = _CENTRE[0] - half, _CENTRE[1] - half
        bounds = [west, south, west + self._width_deg, south + self._width_deg]
        socket.send(json.dumps({"token": self.token}))
        socket.send(json.dumps({"type": "view", "bounds": bounds}))
        return socket

    def _tell(self, age: float | None, length: int, error: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type=FEED,
            name="oldest position of an update",
            response_time=age,
            response_length=length,
            exception=error,
            context={},
        )

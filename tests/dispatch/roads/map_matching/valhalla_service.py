"""A small server that speaks Valhalla's `trace_attributes` as documented."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROAD = [(43.3, 114.6001), (43.301, 114.6001), (43.302, 114.6002)]


def encoded(points: list[tuple[float, float]]) -> str:
    """A line as Valhalla writes it."""
    text, last = "", (0, 0)
    for lat, lon in points:
        here = round(lat * 1e6), round(lon * 1e6)
        for number, before in zip(here, last, strict=True):
            step = number - before
            left = ~(step << 1) if step < 0 else step << 1
            while left >= 0x20:
                text += chr((left & 0x1F | 0x20) + 63)
                left >>= 5
            text += chr(left + 63)
        last = here
    return text


def answer(**changed: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "units": "kilometers",
        "shape": encoded(ROAD),
        "edges": [
            {"begin_shape_index": 0, "end_shape_index": 1},
            {"begin_shape_index": 1, "end_shape_index": 2},
        ],
        "matched_points": [
            {"type": "matched", "edge_index": 0, "lat": 43.3, "lon": 114.6001},
            {"type": "interpolated", "edge_index": 0},
            {"type": "matched", "edge_index": 1},
        ],
    }
    return whole | changed


class Service(ThreadingHTTPServer):
    """Answers every question with `status` and `body`, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body = 200, json.dumps(answer()).encode()
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, json.loads(question)))
        self.server.may_answer.wait(20)
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_args: object) -> None:
        pass

"""A whole running system for flow tests, and somebody who calls its API."""

import httpx

from loadtests.system import PROCESSES, ROOT, RunningSystem, free_port, running_system

__all__ = ["PROCESSES", "ROOT", "Caller", "RunningSystem", "free_port", "running_system"]


class Caller:
    """Somebody who is logged in and calls the API; errors are shown with their body."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self._client = httpx.Client(base_url=f"{base_url}/api/v1", timeout=30)
        answer = self._client.post("/session", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        self.token: str = answer.json()["token"]
        self._client.headers["authorization"] = f"Bearer {self.token}"
        self._client.cookies.clear()

    def sitting(self, purpose: str = "supervision") -> "Caller":
        """Say why tracks are looked at from now on; return oneself."""
        self.post("/sittings", {"purpose": purpose})
        return self

    def get(self, path: str, **query: object) -> dict[str, object]:
        """Return the JSON of a 200."""
        answer = self._client.get(path, params={k: str(v) for k, v in query.items()})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        body: dict[str, object] = answer.json()
        return body

    def post(self, path: str, body: object = None, status: int | None = None) -> dict[str, object]:
        """Return the JSON of a 2xx (or of `status`)."""
        answer = self._client.post(path, json={} if body is None else body)
        expected = (status,) if status else (200, 201)
        assert answer.status_code in expected, f"{path}: {answer.status_code} {answer.text}"
        result: dict[str, object] = answer.json()
        return result

    def patch(self, path: str, body: object) -> dict[str, object]:
        """Return the JSON of a 200."""
        answer = self._client.patch(path, json=body)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        result: dict[str, object] = answer.json()
        return result

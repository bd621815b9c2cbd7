"""Dispatchers, supervisors and staff at work on a running demo; `make load` lets them.

Everybody logs in as a person of the demo and does what that person does all day.
"""

from datetime import UTC, datetime, timedelta

from locust import between, task

from loadtests.person import API, LoggedIn


class Person(LoggedIn):
    """Somebody at work, who thinks between two requests."""

    abstract = True
    wait_time = between(1, 3)


class Dispatcher(Person):
    """Watches the fleet and the queue."""

    username = "dispatcher"
    weight = 3

    @task(3)
    def look_at_the_fleet(self) -> None:
        self.client.get(f"{API}/positions/live")

    @task(3)
    def look_at_the_queue(self) -> None:
        self.client.get(f"{API}/requests", params={"state": "awaiting_dispatch"})

    @task(2)
    def look_at_orders(self) -> None:
        self.client.get(f"{API}/orders", params={"limit": 50})

    @task(1)
    def find_the_nearest(self) -> None:
        self.client.get(
            f"{API}/positions/nearest", params={"latitude": 43.3, "longitude": 114.6, "limit": 10}
        )


class Supervisor(Person):
    """Reads findings and explained kilometres."""

    username = "supervisor"
    weight = 1

    @task
    def read_findings(self) -> None:
        self.client.get(f"{API}/findings")

    @task
    def read_explained_kilometres(self) -> None:
        today = datetime.now(UTC).date()
        self.client.get(
            f"{API}/reports/explained",
            params={"start": str(today - timedelta(days=2)), "end": str(today)},
        )


class Applicant(Person):
    """Looks for places and follows own requests."""

    username = "applicant_water_1"
    weight = 2

    @task
    def look_for_a_place(self) -> None:
        self.client.get(f"{API}/places", params={"limit": 50})

    @task
    def follow_own_requests(self) -> None:
        self.client.get(f"{API}/requests", params={"mine": "true"})

"""Places that the passengers of unit A know, for booking on the phone."""

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.browser.town import MIDDLE


def place(name: str, north: float) -> dict[str, object]:
    """Return a place so many degrees north of the town's middle, as requests name it."""
    return {"name": name, "latitude": MIDDLE[0] + north, "longitude": MIDDLE[1]}


def make_known(site: Site, names: dict[str, float]) -> None:
    """Write these places, each so many degrees north of the town's middle, unless they are."""
    manager = site.caller("manager")
    found = manager.get("/places", limit=200)["items"]
    assert isinstance(found, list)
    known = {one["name"] for one in found}
    for name, north in names.items():
        if name not in known:
            known_place = {
                "name": name,
                "kind": "office",
                "organisation_id": str(site.world.organisations["a"].id),
                "latitude": MIDDLE[0] + north,
                "longitude": MIDDLE[1],
                "radius_m": 100,
            }
            manager.post("/places", known_place)


def choose_place(page: Page, field: str, name: str) -> None:
    """Find a place by its name in the booking form's field."""
    page.get_by_role("button", name=field).click()
    find_place(page, name)


def find_place(page: Page, name: str) -> None:
    """Find a place in the search that lies open."""
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name=name, exact=True).click()

"""The console at night: dark, and as legible as by day."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.site import Site, keep_picture

PAGES = (("/", "实时地图"), ("/orders", "派车任务"), ("/calendar", "工作日历"))


@pytest.mark.parametrize(("path", "heading"), PAGES)
def test_a_dark_page_has_no_violation(site: Site, path: str, heading: str) -> None:
    page = site.page("dispatcher")
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_attached()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert violations(page) == []
    keep_picture(page, f"dark{path.replace('/', '-')}")

"""The live map at a busy moment, on a system of its own whose vehicles are all over the town.

The picture that it keeps, `live-map`, is the one in docs/images, in 256 colours.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, expect

from kit.clock import utc_now
from kit.servers import EmbeddedValkey
from tests.browser.axe import violations
from tests.browser.rush_hour import (
    ON_ORDER,
    SILENT,
    WITHOUT_ORDER,
    depart_on_orders,
    on_the_road,
    seed_rush_hour,
    wish,
)
from tests.browser.site import Site, keep_picture
from tests.browser.town import Town, spots
from tests.support.servers import TemplateDatabases
from tests.support.system import running_system


@pytest.fixture(scope="module")
def busy_site(
    template_databases: TemplateDatabases,
    valkey_server: EmbeddedValkey,
    town: Town,
    browser: Browser,
) -> Iterator[Site]:
    """A system of its own, so that no other test meets these rides."""
    url = template_databases.create()
    with ThreadPoolExecutor(1) as pool:
        world = pool.submit(seed_rush_hour, url).result()
    with running_system(url, valkey_server.url(), settings=town.settings) as system:
        depart_on_orders(system, world)
        with on_the_road(system, world, spots(town.roads, len(world.terminals), 2_000)):
            site = Site(system, world, browser)
            yield site
            site.close_pages()
            assert site.errors == []
    template_databases.drop(url)


def test_the_live_map_counts_and_draws_vehicles_by_what_they_do(busy_site: Site) -> None:
    page = busy_site.page("dispatcher")
    page.goto("/")
    count = len(busy_site.world.vehicles)
    expect(page.locator(f"body[data-vehicles-drawn='{count}']")).to_be_visible()
    available = count - len(ON_ORDER) - len(WITHOUT_ORDER) - len(SILENT)
    for standing, number in (
        ("执行任务", len(ON_ORDER)),
        ("无任务行驶", len(WITHOUT_ORDER)),
        ("待命", available),
        ("失联", len(SILENT)),
    ):
        tile = page.get_by_role("button", name=standing)
        expect(tile).to_contain_text(f"{standing}{number}")
    expect(page.get_by_text("未经审图")).to_be_visible()
    expect(page.locator(".the-map[data-drawn]")).to_be_visible()
    keep_picture(page, "live-map")


def test_an_order_is_interrupted_only_with_a_reason(busy_site: Site) -> None:
    page = busy_site.page("dispatcher")
    page.goto("/orders")
    page.locator("tr.ant-table-row").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".state")).to_have_text("已出车")
    drawer.get_by_role("button", name="中断任务").click()
    form = page.locator(".reasoned")
    expect(form.get_by_role("button", name="中断任务")).to_be_disabled()
    form.get_by_label("理由").fill("车辆故障，改由平台车辆接续")
    expect(form).to_be_in_viewport()
    keep_picture(page, "interrupt")
    assert violations(page) == []
    form.get_by_role("button", name="中断任务").click()
    expect(drawer.locator(".state")).to_have_text("已中断")
    expect(drawer).to_contain_text("车辆故障，改由平台车辆接续")


def test_an_approver_refuses_only_with_a_reason(busy_site: Site) -> None:
    busy_site.caller("applicant_a").post("/requests", wish(utc_now()))
    page = busy_site.page("approver_a")
    page.goto("/approvals")
    page.get_by_role("button", name="不予批准").click()
    expect(page.get_by_placeholder("请写明理由")).to_be_visible()
    keep_picture(page, "approvals")
    assert violations(page) == []
    page.get_by_label("理由").fill("可乘坐公共交通")
    page.get_by_role("button", name="不予批准").click()
    expect(page.get_by_text("没有等待您审批的用车申请")).to_be_visible()

"""Missions and mobilisations on the console: issued, replaced, signed and signed off."""

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from kit.clock import SHANGHAI, utc_now
from tests.browser.axe import violations
from tests.browser.forms import choose, confirm, dialog
from tests.browser.site import Site, keep_picture
from tests.support.world import PASSWORD


def _plan(site: Site) -> dict[str, object]:
    start = utc_now() + timedelta(hours=30)
    people, (latitude, longitude) = site.world.people, site.world.middle
    return {
        "organisation_id": str(site.world.organisations["b"].id),
        "kind": "conference",
        "title": "全市工作会议",
        "plan": "北门集结，编队出发",
        "gather_at": start.isoformat(),
        "start": (start + timedelta(hours=1)).isoformat(),
        "end": (start + timedelta(hours=3)).isoformat(),
        "assembly": {"name": "会议中心北门", "latitude": latitude, "longitude": longitude},
        "liaison_id": str(people["applicant_b"].id),
        "rides": [{"passengers": 3}, {"passengers": 3, "standby": True}],
    }


def test_a_mission_is_approved_issued_and_a_standby_takes_a_vehicles_place(site: Site) -> None:
    mission = site.caller("dispatcher").post("/missions", _plan(site))
    page = site.page("approver_b")
    page.goto("/missions")
    page.get_by_role("link", name="全市工作会议").click()
    page.get_by_role("button", name="批准任务").click()
    confirm(page)
    expect(page.get_by_role("dialog").get_by_text("待派车").first).to_be_visible()
    page = site.page("dispatcher")
    page.goto(f"/missions/{mission['id']}")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="选定车辆").click()
    confirm(page)
    drawer.get_by_role("button", name="签发派车单").click()
    confirm(page)
    expect(drawer.get_by_text("派〔")).to_have_count(2)
    expect(drawer.get_by_role("status")).to_contain_text("未")
    assert violations(page) == []
    keep_picture(page, "mission")
    _lies_within_a_small_screen(page, drawer)
    first, second = _convoy(page)
    drawer.get_by_role("button", name="调整车队次序").click()
    dialog(page).get_by_role("button", name=f"下移 {first}").focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("button", name=f"上移 {first}")).to_be_focused()
    assert violations(page) == []
    confirm(page)
    expect(drawer.locator(".dated tbody tr").first).to_contain_text(second)
    assert _convoy(page) == [second, first]
    _watched_while_a_vehicle_is_taken_away(site, page, mission["id"])
    drawer.get_by_role("button", name="备用车顶替").click()
    dialog(page).get_by_label("原因").fill("车辆故障")
    confirm(page)
    expect(drawer.get_by_text("顶替第 2 号车")).to_be_visible()


def _watched_while_a_vehicle_is_taken_away(site: Site, page: Page, mission_id: str) -> None:
    """The board stays, and tells who has no vehicle; the ride is assigned anew from the page."""
    dispatcher = site.caller("dispatcher")
    (lost,) = [one for one in dispatcher.get(f"/missions/{mission_id}")["rides"] if one["standby"]]
    order = dispatcher.get(f"/orders/{lost['order']['id']}")
    dispatcher.post(f"/orders/{order['id']}/undo", {"revision": order["revision"]})
    page.reload()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("status")).to_contain_text("未派车")
    drawer.get_by_role("button", name="选定车辆").click()
    confirm(page)
    drawer.get_by_role("button", name="签发派车单").click()
    confirm(page)
    expect(drawer.get_by_role("status")).not_to_contain_text("未派车")


def test_a_mobilisation_is_signed_by_password_and_signed_off(site: Site) -> None:
    page = site.page("authority")
    page.goto("/mobilisations")
    page.get_by_role("button", name="启动应急调用").click()
    choose(page, "机构", site.world.organisations["b"].name, search=True)
    choose(page, "响应级别", "Ⅳ")
    dialog(page).get_by_label("名称").fill("低温雨雪响应")
    dialog(page).get_by_label("依据").fill("预案")
    dialog(page).get_by_label("签署意见").fill("同意启动")
    dialog(page).get_by_label("本人密码").fill(PASSWORD)
    confirm(page)
    page.get_by_role("link", name="低温雨雪响应").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("同意启动")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "mobilisation")
    _switch_language(page, "English")
    expect(drawer).to_contain_text("(password): ")
    assert not set("（）：、") & set(drawer.inner_text())
    _switch_language(page, "中文")
    _order_and_enter(site)
    drawer.get_by_role("button", name="终止应急调用").click()
    dialog(page).get_by_label("签署意见").fill("险情解除")
    dialog(page).get_by_label("本人密码").fill(PASSWORD)
    confirm(page)
    expect(drawer.get_by_role("button", name="终止应急调用")).to_have_count(0)
    expect(drawer.get_by_text("险情解除")).to_be_visible()


def _lies_within_a_small_screen(page: Page, drawer: Locator) -> None:
    """In English, whose words are longer, the convoy scrolls by itself."""
    page.set_viewport_size({"width": 360, "height": 740})
    _switch_language(page, "English")
    body = drawer.locator(".ant-drawer-body")
    drawer.get_by_role("button", name="Send a standby").scroll_into_view_if_needed()
    assert body.evaluate("body => body.scrollWidth <= body.clientWidth")
    assert violations(page) == []
    keep_picture(page, "mission-360")
    _switch_language(page, "中文")
    page.set_viewport_size({"width": 1440, "height": 900})


def _switch_language(page: Page, to: str) -> None:
    """By the button that lies under the drawer."""
    page.locator("button", has_text=re.compile(f"^{to}$")).evaluate("button => button.click()")


def _convoy(page: Page) -> list[str]:
    """The plates of a mission's convoy, in its order."""
    return page.locator(".dated tbody tr td:nth-child(2)").all_inner_texts()


def _order_and_enter(site: Site) -> None:
    """Order a vehicle in bulk, and enter a drive that began outside of the mobilisation."""
    page = site.page("dispatcher")
    page.goto("/mobilisations")
    page.get_by_role("link", name="低温雨雪响应").click()
    drawer = page.get_by_role("dialog").first
    drawer.get_by_role("button", name="批量派车").click()
    _fill_ride(page, site)
    dialog(page).get_by_label("结束").fill(_wall_time(timedelta(hours=3)))
    assert violations(page) == []
    keep_picture(page, "mobilisation-order")
    confirm(page)
    expect(drawer.get_by_role("status")).to_contain_text("已办理 1 项")
    expect(drawer.get_by_text("派〔")).to_have_count(1)

    drawer.get_by_role("button", name="补单", exact=True).click()
    choose(page, "车辆", site.world.vehicles["b3"].plate, search=True)
    choose(page, "驾驶员", site.world.people["driver_b2"].name, search=True)
    _fill_ride(page, site)
    dialog(page).get_by_label("出车时间").fill(_wall_time(-timedelta(days=1)))
    dialog(page).get_by_label("收车时间").fill(_wall_time(-timedelta(hours=23)))
    _enter_another_beside_it(page, site)
    dialog(page).get_by_role("button", name="取消", exact=True).click()
    told = drawer.get_by_role("status")
    expect(told).to_contain_text("已办理 0 项")
    expect(told).to_contain_text("第 1 项未能办理")
    assert violations(page) == []
    keep_picture(page, "mobilisation-refused")
    _cancel_orders(site, page.url.rsplit("/", 1)[1])


def _enter_another_beside_it(page: Page, site: Site) -> None:
    """Send two drives at once; those that are refused stay as rows, each with why."""
    form = dialog(page)
    form.get_by_role("button", name="再加一项").click()
    second = form.get_by_role("group", name="第 2 项")
    expect(second.get_by_label("事由")).to_have_value("运送除雪人员")
    for label, name in (
        ("车辆", site.world.vehicles["b2"].plate),
        ("驾驶员", site.world.people["driver_b1"].name),
    ):
        box = second.get_by_label(label, exact=True).first
        box.click()
        box.fill(name)
        option = page.locator(".ant-select-item-option:visible")
        option.filter(has_text=name).first.click()
    second.get_by_label("收车时间").fill(_wall_time(timedelta(hours=1)))
    assert violations(page) == []
    keep_picture(page, "mobilisation-drives")
    page.set_viewport_size({"width": 360, "height": 740})
    assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
    keep_picture(page, "mobilisation-drives-360")
    page.set_viewport_size({"width": 1440, "height": 900})
    form.get_by_role("button", name="补单", exact=True).click()
    told = form.get_by_role("status")
    expect(told).to_contain_text("第 1 项未能办理")
    expect(told).to_contain_text("第 2 项未能办理")
    form.get_by_role("button", name="删除第 1 项").click()
    expect(form.get_by_role("group")).to_have_count(1)


def _fill_ride(page: Page, site: Site) -> None:
    dialog(page).get_by_label("事由").fill("运送除雪人员")
    choose(page, "出发地", site.world.bases["a"].name, search=True)
    choose(page, "目的地", site.world.bases["b"].name, search=True)


def _wall_time(away: timedelta) -> str:
    return f"{(utc_now() + away).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def _cancel_orders(site: Site, mobilisation: str) -> None:
    dispatcher = site.caller("dispatcher")
    made = dispatcher.get(f"/mobilisations/{mobilisation}/orders")["items"]
    assert isinstance(made, list)
    for one in made:
        path = f"/orders/{one['order_id']}"
        step = {"revision": dispatcher.get(path)["revision"], "reason": "演示结束"}
        dispatcher.post(f"{path}/cancel", step)

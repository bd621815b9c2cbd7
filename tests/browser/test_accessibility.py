"""Every page holds WCAG 2.2 AA as far as axe can tell, once its content is there."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.site import Site

CONSOLE = (
    ("dispatcher", "/", "实时地图"),
    ("dispatcher", "/queue", "派车"),
    ("approver_a", "/approvals", "审批"),
    ("dispatcher", "/orders", "派车任务"),
    ("supervisor", "/board", "看板"),
    ("dispatcher", "/plans", "预约与排班"),
    ("dispatcher", "/vehicles", "车辆"),
    ("manager", "/custodies", "领用登记"),
    ("manager", "/terminals", "车载终端"),
    ("manager", "/applications", "车辆申请"),
    ("manager", "/quotas", "编制"),
    ("manager", "/standards", "配备标准"),
    ("manager", "/duplicates", "疑似重复"),
    ("manager", "/organisations", "机构"),
    ("secadmin", "/people", "人员"),
    ("manager", "/drivers", "驾驶员"),
    ("manager", "/rosters", "值班表"),
    ("authority", "/rules", "规则"),
    ("authority", "/calendar", "工作日历"),
    ("authority", "/sealings", "封存"),
    ("secadmin", "/mandates", "职权"),
    ("secadmin", "/grants", "外部监督授权"),
    ("auditor", "/journal", "留痕记录"),
    ("auditor", "/holds", "证据保全"),
    ("sysadmin", "/retention", "留存"),
    ("manager", "/account", "账号安全"),
    ("supervisor", "/findings", "疑点"),
    ("supervisor", "/reports/explained", "里程核对"),
    ("supervisor", "/reports/publicity", "内部公示"),
)
PHONE = (
    ("applicant_a", "book", "提交申请"),
    ("applicant_a", "mine", "我的申请"),
    ("approver_a", "approve", "待审批"),
    ("driver_a1", "drive", "出车任务"),
)


@pytest.mark.parametrize(("username", "path", "heading"), CONSOLE)
def test_a_console_page_has_no_violation(
    site: Site, username: str, path: str, heading: str
) -> None:
    page = site.page(username)
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_attached()
    assert violations(page) == []


@pytest.mark.parametrize(("username", "tab", "text"), PHONE)
def test_a_phone_page_has_no_violation(site: Site, username: str, tab: str, text: str) -> None:
    page = site.page(username, size="phone")
    page.goto(f"/m#{tab}")
    expect(page.get_by_text(text).first).to_be_visible()
    assert violations(page) == []


def test_the_log_in_pages_have_no_violation(site: Site) -> None:
    page = site.page()
    for path in ("/", "/m"):
        page.goto(path)
        expect(page.get_by_label("密码")).to_be_visible()
        assert violations(page) == []


def test_fingers_find_every_control_of_the_booking_page(site: Site) -> None:
    page = site.page("applicant_a", size="phone")
    page.goto("/m#book")
    expect(page.get_by_role("button", name="提交申请")).to_be_visible()
    for control in page.locator("main button, .tabs a, .chips label").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 48, control.inner_text()

"""Proving who one is: a set-up link, a second factor, a new password, other sessions."""

from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page, expect

from kit.clock import utc_now
from tests.browser.site import Site, keep_picture
from tests.support.world import PASSWORD

_NEW = "Another-password-2026!"


def _newcomer(site: Site, username: str) -> Page:
    """Let the security administrator make an account; return its first page, password set."""
    secadmin = site.caller("secadmin")
    unit = str(site.world.organisations["a"].id)
    person = secadmin.post(
        "/people",
        {
            "username": username,
            "name": "新进人员",
            "roles": [{"role": "applicant", "organisation_id": unit}],
        },
    )
    link = urlsplit(str(secadmin.post(f"/people/{person['id']}/set-up-link")["url"]))
    page = site.page()
    page.goto(f"{link.path}#{link.fragment}")
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text(username)
    page.get_by_role("link").click()
    return page


def _log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def _code(totp: pyotp.TOTP, *, after: int = 0) -> tuple[str, int]:
    """Return a code that counts now, of a time step later than `after`, and its step.

    A code counts once, and the step after the present one is accepted: nobody has to wait.
    """
    step = max(int(utc_now().timestamp()) // totp.interval, after + 1)
    return totp.generate_otp(step), step


def _prove(page: Page, code: str) -> None:
    page.get_by_label("验证码").fill(code)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_a_link_leads_to_a_password_and_a_second_factor_is_asked_from_then_on(site: Site) -> None:
    page = _newcomer(site, "newcomer")
    _log_in(page, "newcomer")
    expect(page.get_by_role("button", name="退出")).to_be_visible()

    page.goto("/account")
    card = page.locator(".ant-card").filter(has_text="动态验证码").first
    card.get_by_label("当前密码").fill(PASSWORD)
    card.locator("button[type=submit]").click()
    totp = pyotp.TOTP(card.locator("code").inner_text())
    code, step = _code(totp)
    card.get_by_label("验证码").fill(code)
    keep_picture(page, "second-factor")
    card.locator("button[type=submit]").click()
    recovery = card.get_by_role("listitem").first.inner_text()

    page.get_by_role("button", name="退出").click()
    _log_in(page, "newcomer")
    _prove(page, _code(totp, after=step)[0])
    page.get_by_role("button", name="退出").click()
    _log_in(page, "newcomer")
    _prove(page, recovery)


def test_a_password_is_changed_and_another_session_ended(site: Site) -> None:
    page = _newcomer(site, "changer")
    _log_in(page, "changer")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    other = site.page("changer")
    page.goto("/account")
    sessions = page.locator(".ant-card").nth(2).get_by_role("listitem")
    expect(sessions).to_have_count(2)
    keep_picture(page, "account")
    sessions.get_by_role("button", disabled=False).first.click()
    expect(sessions).to_have_count(1)
    with site.forgiving():
        other.goto("/account")
        expect(other.get_by_label("密码")).to_be_visible()

    card = page.locator(".ant-card").first
    card.get_by_label("当前密码").fill(PASSWORD)
    card.get_by_label("新密码").fill(_NEW)
    card.get_by_label("再输入一次").fill(_NEW)
    card.locator("button[type=submit]").click()
    expect(card.get_by_role("status")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    _log_in(page, "changer", _NEW)
    expect(page.get_by_role("button", name="退出")).to_be_visible()

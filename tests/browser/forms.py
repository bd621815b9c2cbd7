"""How a person fills in the console's forms."""

from playwright.sync_api import Locator, Page


def dialog(page: Page) -> Locator:
    """The form that lies on top."""
    return page.locator(".ant-modal").last


def choose(page: Page, label: str, option: str, *, search: bool = False) -> None:
    """Pick `option` of the form's list `label`; a long list is first searched for it."""
    box = dialog(page).get_by_label(label, exact=True).first
    box.click()
    if search:
        box.fill(option)
    page.locator(".ant-select-item-option:visible").filter(has_text=option).first.click()


def confirm(page: Page) -> None:
    """Press the form's main button and see the form go."""
    form = dialog(page)
    form.locator(".ant-modal-footer .ant-btn-primary, .ant-modal-footer .ant-btn-dangerous").click()
    form.wait_for(state="hidden")

"""The register as its keepers use it: organisations, roles, custody, sheets, applications."""

import io

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.forms import choose, confirm, dialog
from tests.browser.site import Site, keep_picture


def _cell(page: Page, text: str) -> None:
    expect(page.get_by_role("cell", name=text).first).to_be_visible()


def test_a_manager_adds_an_organisation(site: Site) -> None:
    page = site.page("manager")
    page.goto("/organisations")
    page.get_by_role("button", name="增加机构").click()
    dialog(page).get_by_label("名称").fill("示范丙局")
    choose(page, "上级机构", site.world.organisations["bureau"].name, search=True)
    confirm(page)
    _cell(page, "示范丙局")


def test_a_security_administrator_gives_a_role_and_ends_it(site: Site) -> None:
    page = site.page("secadmin")
    person = site.world.people["applicant_a"]
    page.goto(f"/people/{person.id}")
    drawer = page.get_by_role("dialog")
    unit = site.world.organisations["a"].name
    page.get_by_role("button", name="授予角色").click()
    choose(page, "角色", "用车管理员")
    choose(page, "机构", unit, search=True)
    confirm(page)
    row = drawer.get_by_role("row", name="用车管理员")
    expect(row).to_be_visible()
    page.get_by_role("button", name="终止角色").click()
    choose(page, "角色", "用车管理员")
    choose(page, "机构", unit, search=True)
    dialog(page).get_by_label("原因").fill("岗位调整")
    confirm(page)
    expect(row).to_have_count(0)


def test_a_key_is_handed_over_and_the_holders_are_remembered(site: Site) -> None:
    vehicle = site.world.vehicles["pool1"]
    bureau = site.world.organisations["bureau"]
    key = site.caller("manager").post(
        "/custodies",
        {
            "vehicle_id": str(vehicle.id),
            "kind": "key",
            "holder": {"organisation_id": str(bureau.id)},
        },
    )
    page = site.page("manager")
    page.goto(f"/custodies/{key['id']}")
    page.get_by_role("button", name="交接").click()
    choose(page, "交给人员", "调度员", search=True)
    confirm(page)
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("row")).to_have_count(2)
    expect(drawer.get_by_role("row", name="调度员")).to_be_visible()


def test_a_list_leaves_as_a_sheet_and_a_bad_sheet_names_its_cells(site: Site) -> None:
    page = site.page("manager")
    page.goto("/organisations")
    page.get_by_role("button", name="导入导出").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="导出 XLSX").click()
    # The browser keeps a download under a name without the ending that openpyxl asks for.
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book.worksheets[0]
    sheet.append(["坏" * 500] * sheet.max_column)
    bad = io.BytesIO()
    book.save(bad)
    page.get_by_label("导入…").set_input_files(
        {
            "name": "organisations.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": bad.getvalue(),
        }
    )
    form = dialog(page)
    form.get_by_role("button", name="试导入").click()
    expect(form.get_by_role("cell", name=f"A{sheet.max_row}").first).to_be_visible()
    keep_picture(page, "import")


def test_an_application_is_filed_and_approved(site: Site) -> None:
    page = site.page("clerk_a")
    page.goto("/applications")
    page.get_by_role("button", name="申请编制").click()
    choose(page, "用车单位", site.world.organisations["a"].name, search=True)
    choose(page, "用途类别", "应急保障")
    dialog(page).get_by_label("编制数").fill("4")
    dialog(page).get_by_label("依据").fill("示编〔2026〕1号")
    confirm(page)
    page.get_by_role("link", name="编制核定").first.click()
    page.get_by_role("button", name="修改").click()
    dialog(page).get_by_label("编制数").fill("5")
    confirm(page)
    expect(page.get_by_role("definition").filter(has_text="5").first).to_be_visible()
    page.get_by_role("button", name="报送").click()
    confirm(page)
    expect(page.get_by_role("dialog")).to_contain_text("已报送")

    decider = site.page("authority")
    decider.goto(page.url)
    decider.get_by_role("button", name="批准", exact=True).click()
    confirm(decider)
    # A quota has nothing left to be carried out once it is approved.
    expect(decider.get_by_role("dialog")).to_contain_text("已办结")
    keep_picture(decider, "application")


def test_a_vehicle_shows_its_life_and_leads_to_the_map(site: Site) -> None:
    vehicle = site.world.vehicles["pool1"]
    page = site.page("manager")
    page.goto(f"/vehicles/{vehicle.id}")
    drawer = page.get_by_role("dialog")
    page.get_by_role("button", name="增加证件").click()
    choose(page, "类型", "年检")
    dialog(page).get_by_label("名称").fill("2025 年检")
    dialog(page).get_by_label("有效期至").fill("2025-06-30")
    confirm(page)
    row = drawer.get_by_role("row", name="2025 年检")
    expect(row).to_contain_text("已到期")
    row.get_by_role("button", name="删除").click()
    confirm(page)
    expect(row).to_have_count(0)
    expect(drawer).to_contain_text("启用")
    keep_picture(page, "vehicle")
    drawer.get_by_role("link", name="在地图上查看").click()
    expect(page.get_by_role("heading", name="实时地图")).to_be_attached()


def test_a_notice_is_previewed_before_it_is_taken(site: Site) -> None:
    page = site.page("authority")
    page.goto("/calendar?year=2027")
    page.get_by_role("button", name="导入通知…").click()
    form = dialog(page)
    form.get_by_label("文号或来源").fill("示范通知")
    form.get_by_label("放假和调休").fill("元旦 2027-01-01 2027-01-03\n元旦 一月")
    form.get_by_role("button", name="预览").click()
    expect(form).to_contain_text("第 2 行读不懂")
    form.get_by_label("放假和调休").fill("元旦 2027-01-01 2027-01-03\n班 2027-01-09")
    form.get_by_role("button", name="预览").click()
    expect(form.get_by_role("row", name="2027-01-09")).to_contain_text("调休上班")
    keep_picture(page, "notice")

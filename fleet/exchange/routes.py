"""Routes of exchange: for each list a template, exports, a dry run and an import.

They are made of the list's `Sheet`, one address each, so that every one names its permission. Which
lists there are is said where the rooms are put together.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile

from fleet.access import Actor, Allow, UploadRoute
from fleet.acts import Act
from fleet.exchange.errors import FileTooLarge, ImportRefused
from fleet.exchange.exporting import Exporting, Form, export_file
from fleet.exchange.files import MAX_FILE_BYTES
from fleet.exchange.importing import Importing, dry_run, import_file
from fleet.exchange.known import Extent
from fleet.exchange.schemas import ImportReport, report
from fleet.exchange.sheets import Sheet
from fleet.exchange.tables import EXAMPLE
from fleet.exchange.xlsx_writing import MEDIA_TYPE, template
from fleet.organisations.store import narrowed, organisation_in
from fleet.sealings.store import at_and_above
from kit.web import Address, AppSettings, DbSession, Now

_CSV = "text/csv; charset=utf-8"
_MEDIA: dict[Form, str] = {"xlsx": MEDIA_TYPE, "csv": _CSV}

Search = Annotated[str | None, Query(max_length=100, description="Part of a name or plate")]


def exchange_router(sheets: Sequence[Sheet]) -> APIRouter:
    """Return the routes of these lists."""
    router = APIRouter(prefix="/exchange", tags=["exchange"], route_class=UploadRoute)
    for sheet in sheets:
        _add_exports(router, sheet)
        if sheet.write is not None:
            _add_imports(router, sheet)
    return router


def _file(media: str, about: str) -> dict[int | str, dict[str, object]]:
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": about, "content": {media: {"schema": schema}}}}


def _add_exports(router: APIRouter, sheet: Sheet) -> None:
    form: Form
    for form in ("xlsx", "csv"):
        _add_export(router, sheet, form)


def _add_export(router: APIRouter, sheet: Sheet, form: Form) -> None:
    media = _MEDIA[form].partition(";")[0]

    async def export(
        actor: Annotated[Actor, Allow(sheet.read, costly=True)],
        session: DbSession,
        settings: AppSettings,
        now: Now,
        address: Address,
        q: Search = None,
        organisation_id: UUID | None = None,
    ) -> Response:
        scope = actor.scope(sheet.read)
        within = await narrowed(session, scope, organisation_id, now)
        if sheet.above:
            within = await at_and_above(session, within, now)
        of = await organisation_in(session, organisation_id, scope) if organisation_id else None
        exporting = Exporting(
            sheet,
            Act(actor, now, address),
            Extent(actor),
            settings,
            within,
            narrowed=of is not None,
            q=q if sheet.search else None,
            of=of.name if of else None,
        )
        content, count = await export_file(session, exporting, form)
        headers = {
            "X-Row-Count": str(count),
            "Content-Disposition": f'attachment; filename="{sheet.name}.{form}"',
        }
        return Response(content, media_type=_MEDIA[form], headers=headers)

    router.add_api_route(
        f"/{sheet.name}.{form}",
        export,
        methods=["GET"],
        name=f"export_{sheet.name}_{form}",
        summary=f"{sheet.en} as {form.upper()}",
        description=f"Every row of {sheet.en.lower()} within scope; `X-Row-Count` says how many. "
        "The export is journalled.",
        response_class=Response,
        responses=_file(media, f"The list as {form.upper()}"),
    )


def _add_imports(router: APIRouter, sheet: Sheet) -> None:
    assert sheet.write is not None
    writer = Allow(sheet.write, costly=True)

    async def read_template(_actor: Annotated[Actor, writer]) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{sheet.name}-template.xlsx"'}
        return Response(template(sheet), media_type=MEDIA_TYPE, headers=headers)

    upload = Annotated[
        UploadFile,
        File(
            description="XLSX or CSV, at most 20 MB and 50,000 rows",
            json_schema_extra={"example": example_csv(sheet)},
        ),
    ]

    async def try_import(
        file: upload,
        actor: Annotated[Actor, writer],
        session: DbSession,
        settings: AppSettings,
        now: Now,
        address: Address,
    ) -> ImportReport:
        importing = Importing(sheet, Act(actor, now, address), Extent(actor), settings)
        return report(sheet.name, await dry_run(session, importing, await _content(file)))

    async def import_list(
        file: upload,
        actor: Annotated[Actor, writer],
        session: DbSession,
        settings: AppSettings,
        now: Now,
        address: Address,
    ) -> ImportReport:
        importing = Importing(sheet, Act(actor, now, address), Extent(actor), settings)
        try:
            plan = await import_file(session, importing, await _content(file), _no_progress)
        except ImportRefused as error:
            raise told(sheet, error) from error
        return report(sheet.name, plan)

    about = sheet.en.lower()
    router.add_api_route(
        f"/{sheet.name}/template.xlsx",
        read_template,
        methods=["GET"],
        name=f"template_{sheet.name}",
        summary=f"Template for {about}",
        description="Headings, notes, drop-down lists, and one row that is marked as an example.",
        response_class=Response,
        responses=_file(MEDIA_TYPE, "An empty workbook to fill in"),
    )
    router.add_api_route(
        f"/{sheet.name}/dry-run",
        try_import,
        methods=["POST"],
        name=f"dry_run_{sheet.name}",
        summary=f"Try an import of {about}",
        description="What the file would do, with every bad row by cell and reason; nothing is "
        "changed.",
    )
    router.add_api_route(
        f"/{sheet.name}/import",
        import_list,
        methods=["POST"],
        name=f"import_{sheet.name}",
        summary=f"Import {about}",
        description="All rows or none. With any problem the answer is 422 `import-refused`, with "
        "the same report as the dry run.",
    )


async def _content(file: UploadFile) -> bytes:
    content = await file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    return content


def _no_progress(_done: int, _of: int) -> None:
    """Nobody is told: the answer comes when all is done."""


def told(sheet: Sheet, error: ImportRefused) -> ImportRefused:
    """Return the error as the API tells it, with the report among its facts."""
    return ImportRefused(error.detail, report=report(sheet.name, error.plan).model_dump())


def example_csv(sheet: Sheet) -> str:
    """Return a CSV text of the headings and the example row, which imports nothing."""
    headings = ",".join(column.zh for column in sheet.written)
    values = ",".join(column.example for column in sheet.written)
    return f"{headings}\n{EXAMPLE}{values}\n"

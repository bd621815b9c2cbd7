"""Spreadsheets as people make them, and the API's answers to them."""

from collections.abc import Sequence
from io import BytesIO

import httpx
from openpyxl import Workbook, load_workbook

API = "/api/v1/exchange"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(*rows: Sequence[object]) -> bytes:
    """Return a workbook with these rows in its first worksheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def rows_of(content: bytes) -> list[list[object]]:
    """Return the values of a workbook's first worksheet."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


async def send(
    client: httpx.AsyncClient, path: str, content: bytes, name: str = "a.xlsx"
) -> httpx.Response:
    """Upload a file."""
    return await client.post(f"{API}/{path}", files={"file": (name, content, XLSX)})


async def dry_run(client: httpx.AsyncClient, name: str, content: bytes) -> dict[str, object]:
    """Return the report of a dry run."""
    answer = await send(client, f"{name}/dry-run", content)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body

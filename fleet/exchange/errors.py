"""Why a file is not taken as a whole."""

from fleet.exchange.plan import Plan
from kit.errors import BadRequest, DomainError


class FileTooLarge(DomainError):
    """The file is larger than 20 MB."""

    status = 413


class NotASpreadsheet(BadRequest):
    """The file is neither an XLSX workbook nor a CSV text."""


class OldOrEncrypted(BadRequest):
    """The file has a password or is an old .xls; save it as .xlsx without a password."""


class FileDamaged(BadRequest):
    """The file is damaged and can't be read."""


class FileSuspicious(BadRequest):
    """The file would unfold into far more than it holds; it is not opened."""


class TooManyRows(BadRequest):
    """The file has more than 50,000 rows; divide it."""


class TooManyColumns(BadRequest):
    """A row of the file has more cells than any list has columns; begin from its template."""


class CellTooLong(BadRequest):
    """A cell of the file has more than 32,767 characters, which is more than it can hold."""


class NoHeadings(BadRequest):
    """No row of the file has the headings of this list; begin from its template."""


class ExportTooLong(BadRequest):
    """The list has more rows than a worksheet holds; narrow it to an organisation, or take CSV."""


class ImportRefused(BadRequest):
    """Rows of the file have problems, so nothing was imported."""

    def __init__(
        self, detail: str | None = None, plan: Plan | None = None, **facts: object
    ) -> None:
        super().__init__(detail, **facts)
        self.plan = plan or Plan()

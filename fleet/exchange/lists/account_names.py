"""The name of an account, by which people are told apart in files."""

import re
from dataclasses import dataclass

from fleet.exchange.cells import Cell, text_in
from fleet.exchange.known import Known
from fleet.exchange.reasons import CellRefused, bad_form

_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account's name, in lower case."""

    note: str = "2 至 32 位小写字母、数字、点、横线、下划线"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> str:
        """Return the name."""
        text = text_in(cell).lower()
        if not _FORM.fullmatch(text):
            raise CellRefused(bad_form("不是账号的形式。", "This is not the form of an account."))
        return text

    def show(self, value: object, _known: Known) -> str:
        """Show the name."""
        return str(value)

"""What goes wrong with one piece of work keeps the next from nothing."""

import logging
from types import TracebackType
from typing import Self

from kit.ending import is_ending


class Isolated:
    """Tries one piece of work; what nobody foresaw is logged, and ends here.

    A task that is being cancelled ends, whatever its work raises in the cancellation's place.
    failed: whether the piece came to no end
    """

    def __init__(
        self,
        log: logging.Logger,
        sentence: str,
        *,
        passing: tuple[type[Exception], ...] = (),
        **about: object,
    ) -> None:
        """sentence: what comes of it, for the log; about: the ids of what was tried.

        passing: errors that concern more than this piece
        """
        self._log, self._sentence, self._passing, self._about = log, sentence, passing, about
        self.failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, self._passing) or is_ending():
            return False
        self._log.error(self._sentence, exc_info=error, extra=self._about)
        self.failed = True
        return True

"""The journal (留痕记录): written in the transaction of the act that it records."""

from fleet.journal.recording import SYSTEM, record

__all__ = ["SYSTEM", "record"]

"""The journal (留痕记录): written in the transaction of the act that it records."""

from fleet.journal.recording import SYSTEM, record, record_look_up

__all__ = ["SYSTEM", "record", "record_look_up"]

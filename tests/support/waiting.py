"""Waiting for what another process does."""

from loadtests.waiting import eventually

__all__ = ["eventually"]

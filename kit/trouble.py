"""Trouble that we know of: its text is one sentence, and nobody needs a trace of it."""


class Trouble(Exception):
    """Something that an operator or a user can set right."""

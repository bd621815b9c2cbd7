"""A slow machine isn't a wrong answer: properties here have no deadline."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

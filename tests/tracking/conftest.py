"""Properties run on busy machines: an example may take as long as it takes."""

from hypothesis import settings

settings.register_profile("tracking", deadline=None)
settings.load_profile("tracking")

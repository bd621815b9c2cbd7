"""The HTTP door: the API, its documents and the pages of the browser side."""

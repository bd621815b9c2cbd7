"""Wire protocols. They own no socket and know no room: bytes in, events and bytes out."""

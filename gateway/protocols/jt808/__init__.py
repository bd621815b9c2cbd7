"""JT/T 808: terminals of vehicles to their platform, editions 2013 and 2019 (2011 tolerated).

Read in this order, which is the way of a byte: `framing` (flags, escapes, checksum), `header`,
`packages` (split messages), `fields` and `codecs` (how a body is declared), `session_messages`,
`position_messages` and `position`, `messages` (the catalogue), `session` with its `events` (the
platform's end of a link), `terminal_side` (the other end, for simulation).
"""

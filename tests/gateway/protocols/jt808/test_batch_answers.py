"""Answers made in a batch are those of the session, byte for byte."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.batch_answers import position_answers
from gateway.protocols.jt808.batch_frames import decode_frames
from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.header import Edition, encode_header, plain_header
from gateway.protocols.jt808.session import Jt808Session
from tests.gateway.protocols.jt808.samples import NOW, word

editions = st.sampled_from([Edition.V2013, Edition.V2019])
sent = st.tuples(st.text("0123456789", min_size=1, max_size=12), word, editions, word)


def framed(phone: str, serial: int, edition: Edition) -> bytes:
    return frame(
        encode_header(plain_header(0x0200, phone, serial, edition).carrying(28)) + bytes(28)
    )


def said_by_session(frame_: bytes, our_serial: int) -> bytes:
    session = Jt808Session(first_serial=our_serial)
    (event,) = session.receive(frame_, NOW)
    assert isinstance(event, ev.PositionsReceived)
    session.reply(event)
    return session.data_to_send()


@given(st.lists(sent, max_size=6))
@example([("1", 0x7E7D, Edition.V2013, 0x7D7E), ("2", 1, Edition.V2019, 2)])
def test_answers_of_a_batch_are_those_of_the_session(many: list[tuple[str, int, Edition, int]]):
    frames = [framed(*one[:3]) for one in many]
    serials = np.array([one[3] for one in many], np.int64)
    answers = position_answers(decode_frames([one[1:-1] for one in frames]), serials)
    assert answers == [
        said_by_session(frame_, one[3]) for frame_, one in zip(frames, many, strict=True)
    ]

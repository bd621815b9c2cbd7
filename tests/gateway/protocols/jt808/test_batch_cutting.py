"""Cutting at once is cutting one by one."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808 import framing
from gateway.protocols.jt808.batch_cutting import cut, unescape
from gateway.protocols.jt808.framing import FLAG, FrameReader

# Few different bytes, so that flags and escapes are frequent.
insides = st.lists(st.sampled_from(b"\x7e\x7d\x01\x02\x00\xff"), max_size=40).map(bytes)
segments = st.lists(insides.map(lambda inside: FLAG + inside + FLAG), max_size=8)


@given(segments)
def test_segments_are_cut_as_each_link_would_cut_its_own(segments: list[bytes]) -> None:
    expected = [
        (index, chunk)
        for index, segment in enumerate(segments)
        for chunk in FrameReader().cut(segment)
    ]
    found = cut(segments)
    assert [(of, found.chunk(n)) for n, of in enumerate(found.of.tolist())] == expected


@given(segments)
def test_escapes_are_undone_as_one_by_one(segments: list[bytes]) -> None:
    found = cut(segments)
    undone = unescape(found)
    for n in range(len(found)):
        alone = framing.unescape(found.chunk(n))
        assert bool(undone.well[n]) is (alone is not None)
        if alone is not None:
            assert undone.octets[undone.starts[n] : undone.ends[n]] == alone

"""Some thousands of spoiled answers over all wires; `make fuzz` tries a million."""

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.providers.tests import fuzz
from parley.providers.tests.emulated import DIALECTS, honest

SEEDS = 6000


def test_no_spoiled_stream_of_any_wire_raises_or_reads_otherwise_by_its_cuts() -> None:
    for seed in range(SEEDS):
        fuzz.check(seed)


PIECES = {
    dialect: st.lists(st.sampled_from(honest(dialect)) | st.binary(max_size=30), max_size=10) for dialect in DIALECTS
}


@settings(max_examples=200)
@given(st.data())
def test_no_bytes_of_any_wire_raise_or_read_otherwise_by_their_cuts(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(DIALECTS))
    stream = b"".join(data.draw(PIECES[dialect]))
    fuzz.check_at_cuts(dialect, stream, data.draw(st.lists(st.integers(0, 2000), max_size=8)))

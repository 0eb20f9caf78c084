"""Whatever a station sends, nothing breaks, and no other station notices."""

import pytest

from bench.frames import fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_frames_do_no_damage(seed):
    damage = fuzz(10_000, seed)
    assert damage.failures == []
    assert damage.frames >= 10_000
    assert damage.mutated >= damage.frames / 2, "most are valid messages with one field changed"
    assert damage.answered > damage.frames / 4, "it was a conversation"

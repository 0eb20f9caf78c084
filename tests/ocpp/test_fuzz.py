"""Whatever a station sends, nothing breaks, and no other station notices."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], object]:
    """Return what the bench runs; its programs see each other as a folder of scripts."""
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("frames", "messages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("frames").fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_frames_do_no_damage(fuzz, seed):
    damage = fuzz(10_000, seed)
    assert damage.failures == []
    assert damage.frames >= 10_000
    assert damage.mutated >= damage.frames / 2, "most are valid messages with one field changed"
    assert damage.answered > damage.frames / 4, "it was a conversation"

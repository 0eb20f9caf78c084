"""Long work is done in parts that are not done again."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "bench"))

from held import broken
from resumable import Part, finish


def part(name: str, seconds: int = 60) -> Part:
    return Part(name=f"row/{name}", scenario="terrace-house", changes=(), seconds=seconds)


def length(given: Part) -> dict[str, object]:
    return {"seconds": given.seconds}


def fail(given: Part) -> dict[str, object]:
    raise AssertionError(f"{given.name} is done again")


def done(parts, work, out, *, jobs=1) -> dict[str, object]:
    return {given.name: result for given, result in finish(parts, work, out=out, jobs=jobs)}


def test_a_finished_part_is_read_and_not_done_again(tmp_path):
    parts = [part("one"), part("two")]
    first = done(parts, length, tmp_path)
    assert set(first) == {"row/one", "row/two"}
    assert done(parts, fail, tmp_path) == first


def test_a_part_that_means_something_else_now_is_done_again(tmp_path):
    done([part("one")], length, tmp_path)
    assert done([part("one", 90)], length, tmp_path) == {"row/one": {"seconds": 90}}


def test_what_is_there_can_be_shown_without_doing_the_rest(tmp_path):
    done([part("one")], length, tmp_path)
    assert set(done([part("one"), part("two")], fail, tmp_path, jobs=0)) == {"row/one"}


@pytest.mark.parametrize("text", ["", "{", '{"made_from": {}, "result": {}}'])
def test_a_half_written_file_is_no_result(tmp_path, text):
    (tmp_path / "row").mkdir()
    (tmp_path / "row" / "one.json").write_text(text)
    assert done([part("one")], length, tmp_path) == {"row/one": {"seconds": 60}}


def test_what_code_made_it_is_part_of_what_it_is(tmp_path):
    done([part("one")], length, tmp_path)
    path = tmp_path / "row" / "one.json"
    kept = json.loads(path.read_text())
    kept["made_from"]["code"] = "older"
    path.write_text(json.dumps(kept))
    assert done([part("one", 60)], length, tmp_path)
    assert json.loads(path.read_text())["made_from"]["code"] != "older"


HELD = {
    "fuse": {
        "trips_by_us": 0, "tripped_at_s": None, "curve_used": 0.3, "curve_used_without_loads": 0.0, "trips_without_loads": 0,
        "overload_by_us_beyond_s": 0, "longest_overload_by_us_s": 9, "longest_overload_by_us_at_s": 70,
    },
    "starvation": {"longest_s": 600, "allowed_s": 5400},
    "loads": {"car": {"starved_s": 600}},
}  # fmt: skip


def found(thermal=False, unnoticed=0.0, **fuse) -> list[str]:
    return list(broken(HELD | {"fuse": HELD["fuse"] | fuse}, thermal=thermal, unnoticed=unnoticed))


def test_a_run_that_held_breaks_no_limit():
    assert found() == found(thermal=True) == []


def test_each_limit_that_breaks_is_named():
    assert "tripped" in found(trips_by_us=1)[0]
    assert "longer than" in found(overload_by_us_beyond_s=3)[0]
    assert "curve" in found(thermal=True, curve_used=0.6)[0]
    starved = HELD | {"loads": {"car": {"starved_s": 6000}}}
    assert "car starved" in next(broken(starved, thermal=False, unnoticed=0.0))


def test_what_nobody_can_know_of_is_excused_for_so_long():
    assert found(overload_by_us_beyond_s=8, unnoticed=10.0) == []
    assert found(overload_by_us_beyond_s=12, unnoticed=10.0)

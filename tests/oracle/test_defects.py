"""The oracle finds every defect that is put into the engine, and none in the engine itself."""

from functools import cache
from pathlib import Path

import pytest

from tests.oracle.agreement import differences
from tests.oracle.defects import DEFECTS, Allocate, Defect, engine_with
from tests.oracle.model import Answer, solve
from tests.oracle.sites import Case, case_of

SITES = 4_000
"""A defect that this many sites do not show is not found."""


@cache
def solved(seed: int) -> tuple[Case, Answer]:
    """Return a site with the oracle's answer, once for all defects."""
    case = case_of(seed)
    return case, solve(case.site, case.readings)


def first_found(allocate: Allocate) -> int | None:
    """Return the first seed whose site shows that something is wrong."""
    return next((seed for seed in range(SITES) if _shows(seed, allocate)), None)


def _shows(seed: int, allocate: Allocate) -> bool:
    case, answer = solved(seed)
    try:
        allocations = allocate(case.site, case.readings)
    except ArithmeticError, LookupError, RecursionError, ValueError:
        return True
    return bool(differences(allocations, answer))


@pytest.mark.parametrize("number", range(len(DEFECTS)))
def test_the_oracle_finds_a_defect(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    defect = DEFECTS[number]
    assert defect.times == 1, f"{defect.module} has {defect.old!r} {defect.times} times, not once"
    monkeypatch.syspath_prepend(tmp_path)
    found = first_found(engine_with(defect, tmp_path, f"engine_with_defect_{number}"))
    assert found is not None, f"{SITES} sites do not show that {defect.what}"
    with capsys.disabled():
        print(f"\nfound at seed {found}: {defect.what}", end="")  # noqa: T201


def test_a_copy_of_the_engine_without_a_defect_is_found_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    nothing = Defect(what="nothing is wrong", module="allocator", old="", new="")
    assert first_found(engine_with(nothing, tmp_path, "engine_without_defect")) is None


def test_there_are_enough_defects_and_each_is_another_one() -> None:
    assert len(DEFECTS) >= 30
    assert len({(defect.module, defect.old, defect.new) for defect in DEFECTS}) == len(DEFECTS)

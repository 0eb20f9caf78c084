"""Engine and oracle give the same allocations, reasons, limits and pools on random sites."""

from collections import Counter
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings

from evenload.engine import allocate
from tests.oracle.agreement import disagreements, report
from tests.oracle.sites import ANYTHING, Case, Wish, case_of, cases

ALWAYS = range(400)
ALL = range(400, 40_400)
MANY_LOADS = Wish(loads=(8, 12, 16))
OF_MANY_LOADS = range(2_000)
SHOWN = 3
"""How many sites a failure shows."""


def agree(seeds: range, wish: Wish = ANYTHING) -> str:
    """Return a summary, or fail with the sites that are easiest to read."""
    started = perf_counter()
    differing = {seed: lines for seed in seeds if (lines := disagreements(case_of(seed, wish)))}
    reports = [
        report(case_of(seed, wish), [f"seed {seed}", *differing[seed]]) for seed in differing
    ]
    if differing:
        pytest.fail(
            f"{len(differing)} of {len(seeds)}:" + "\n".join(sorted(reports, key=len)[:SHOWN])
        )
    duration = perf_counter() - started
    return f"oracle and engine agree on {len(seeds)} sites, seeds {seeds} [{duration:.0f} s]"


def test_engine_and_oracle_agree() -> None:
    assert agree(ALWAYS)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_engine_and_oracle_agree_on_sites_that_shrink_to_plain_ones(case: Case) -> None:
    lines = disagreements(case)
    assert not lines, report(case, lines)


@pytest.mark.slow
def test_engine_and_oracle_agree_on_all_sites(capsys: pytest.CaptureFixture[str]) -> None:
    summary = agree(ALL)
    reasons = Counter(
        str(allocation.reason)
        for seed in ALL[::10]
        for allocation in allocate(case_of(seed).site, case_of(seed).readings).loads.values()
    )
    with capsys.disabled():
        print(f"\n{summary}; reasons in every tenth: {dict(reasons.most_common())}")  # noqa: T201


@pytest.mark.slow
def test_engine_and_oracle_agree_where_many_loads_meet(capsys: pytest.CaptureFixture[str]) -> None:
    summary = agree(OF_MANY_LOADS, MANY_LOADS)
    with capsys.disabled():
        print(f"\n{summary}, of 8 to 16 loads")  # noqa: T201

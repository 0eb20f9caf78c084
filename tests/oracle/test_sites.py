"""The generator makes what people could write, of every feature there is."""

from collections import Counter

import pytest

from evenload.model.allocation import Reason
from evenload.model.document import parse_document
from evenload.model.readings import LoadState, Need
from evenload.model.site import Distribution, Kind, Mode
from tests.oracle.model import solve
from tests.oracle.sites import Wish, case_of
from tests.oracle.written import as_document

SEEDS = range(1_500)


@pytest.mark.parametrize("seed", range(0, 400, 4))
def test_a_generated_site_is_one_that_a_site_file_can_hold(seed: int) -> None:
    case = case_of(seed, Wish(shares_for_now=False))
    document = parse_document(as_document(case))
    assert document.site == case.site
    assert document.readings == case.readings


def test_generated_sites_have_every_kind_mode_state_need_and_distribution() -> None:
    seen: set[object] = set()
    for seed in SEEDS:
        case = case_of(seed)
        seen.add(case.site.distribution)
        for load in case.site.all_loads:
            seen |= {load.kind, load.mode}
        for reading in case.readings.loads.values():
            seen |= {reading.state, reading.need}
    assert seen >= {*Distribution, *Kind, *Mode, *LoadState, *Need}


def test_generated_sites_lead_to_every_reason_and_every_kind_of_limit() -> None:
    reasons: Counter[Reason] = Counter()
    named: set[str] = set()
    for seed in SEEDS:
        case = case_of(seed)
        for verdicts in solve(case.site, case.readings).reasons.values():
            reasons.update(verdict.reason for verdict in verdicts)
            named |= {
                verdict.by.rstrip("0123456789").split("/")[0] + "/" * ("/" in verdict.by)
                for verdict in verdicts
                if verdict.by is not None and verdict.reason is not Reason.OUTRANKED
            }
            named |= {v.by.split("/")[1] for v in verdicts if v.by and v.by.endswith("/active")}
    engines = list(Reason)[: list(Reason).index(Reason.STARTING)]
    assert {reason: reasons[reason] for reason in engines if reasons[reason] < 20} == {}
    assert {"import", "dimming", "unbalance/", "inverter", "inverter/", "active"} <= named

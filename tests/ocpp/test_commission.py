"""The commissioning check tells what a station really does."""

import pytest

from evenload.model.readings import LoadState
from evenload.model.site import Leg
from evenload.model.snapshot import Sample
from evenload.ocpp.commission import Check, CheckPlan, CheckReport, Stage
from evenload.ocpp.nouns import Fallback, PlugSnapshot, Setpoint

PLAN = CheckPlan(high=16.0, safe=6.0)


def seen(amperes: float, now: float, energy: float = 0.0) -> PlugSnapshot:
    return PlugSnapshot(
        plug=1,
        state=LoadState.CHARGING,
        current={leg: Sample(amperes, now) for leg in Leg},
        energy=Sample(energy, now),
        fallback=Fallback.TWO_PERIODS,
    )


class Charger:
    """Follows what it is told, as well as it can."""

    def __init__(self, *, obeys: bool = True, expires: bool = True, alone: bool = True) -> None:
        self.obeys, self.expires, self.alone = obeys, expires, alone
        self.limit: Setpoint | None = None
        self.at = 0.0
        self.energy = 0.0
        self.now = 0.0
        self.away = False

    def draw(self) -> float:
        limit = self.limit
        if limit is None or not self.obeys:
            return 20.0
        over = limit.lease is not None and self.now >= self.at + limit.lease
        falls = self.expires and (self.alone or not self.away)
        return limit.fallback if over and falls else limit.current

    def run(self, check: Check) -> CheckReport:
        while check.stage is not Stage.DONE and self.now < 2000.0:
            silence = check.silence
            self.away = silence is not None and silence[0] <= self.now < silence[1]
            setpoint = None
            if not self.away:
                setpoint = check.advance(seen(self.draw(), self.now, self.energy), self.now)
            if setpoint is not None:
                self.limit, self.at = setpoint, self.now
            self.energy += self.draw() * 3 * 230.0 / 3600.0
            self.now += 1.0
        return check.report


def test_a_charger_that_does_all_it_should():
    report = Charger().run(Check(PLAN, 0.0))
    assert (report.obeys, report.falls_back, report.falls_back_alone) == (True, True, True)
    assert report.fallback is Fallback.TWO_PERIODS
    assert report.fell_after == pytest.approx(31.0, abs=1.0)
    assert report.problem is None


@pytest.mark.parametrize(
    ("charger", "found"),
    [
        (Charger(obeys=False), (False, None, None)),
        (Charger(expires=False), (True, False, None)),
        (Charger(alone=False), (True, True, False)),
    ],
)
def test_each_thing_that_a_charger_may_not_do(charger, found):
    report = charger.run(Check(PLAN, 0.0))
    assert (report.obeys, report.falls_back, report.falls_back_alone) == found


def test_a_car_that_draws_too_little_leaves_the_question_open():
    check = Check(PLAN, 0.0)
    for second in range(100):
        check.advance(seen(5.0, float(second)), float(second))
    assert check.stage is Stage.DONE
    assert check.report.obeys is None
    assert check.report.problem == "the car draws too little to tell"


def test_an_aborted_check_says_why():
    check = Check(PLAN, 0.0)
    check.abort("the controller wanted less")
    assert check.advance(seen(16.0, 1.0), 1.0) is not None or check.stage is Stage.DONE
    assert check.report.problem == "the controller wanted less"

"""Every reason, status and trouble is said in a sentence that names what it is about."""

import string
from dataclasses import replace

import pytest

from evenload.model.allocation import Allocation, Reason
from evenload.model.decision import LoadDecision, Rest, SiteStatus, Trouble, TroubleCode
from evenload.model.sentences import (
    limit_name,
    message,
    sentence,
    status_sentence,
    trouble_sentence,
)
from evenload.model.sentences.amounts import current, duration, power
from evenload.model.sentences.templates import REASONS, STATUSES, TROUBLES
from evenload.model.site import Charger, Circuit, Distribution, Kind, Leg, Load, Mode, Phase, Site

A, B, C = Phase
PLUG = Load(id="left", kind=Kind.EV, phases={Leg.L1: A}, circuit="wallbox", minimum=6, maximum=16)
BOILER = Load(id="boiler", kind=Kind.SWITCH, phases={Leg.L1: B}, levels=(2000,))
SITE = Site(
    fuse={A: 25, B: 25, C: 25},
    excess_threshold=3000,
    circuits=(Circuit(id="garage", fuse={A: 20}),),
    chargers=(Charger(id="wallbox", plugs=(PLUG,), max_current=32),),
    loads=(BOILER,),
    names={"left": "Blue car", "wallbox": "Wallbox", "garage": "Garage"},
)


def allocated(reason: Reason, by: str | None = None, **amounts: float) -> Allocation:
    return Allocation(**{"current": 8.0, "power": 1840.0} | amounts, reason=reason, by=by)


def decided(reason: Reason, **others: object) -> LoadDecision:
    amounts = {"setpoint": 6.0, "current": 6.0, "power": 1380.0, "draw_power": 0.0}
    return LoadDecision(**amounts | others, reason=reason)


SAID = {
    Reason.OFF: "Blue car gets nothing because its mode is off.",
    Reason.NOT_CONNECTED: "No car is connected to Blue car.",
    Reason.FAULTED: "Blue car reports a fault.",
    Reason.UNRESPONSIVE: "Blue car does not follow its commands; its full power stays reserved.",
    Reason.SATISFIED: "Blue car needs nothing more now.",
    Reason.HELD: "Blue car may for now not take as much as its minimum, 6 A.",
    Reason.FULL: "Blue car gets all that it may take now, 8 A.",
    Reason.BATTERY_FIRST: "There is surplus for Blue car, but the battery charges first.",
    Reason.BELOW_EXCESS_THRESHOLD: "Blue car waits until surplus exceeds 3 kW, which stay with the grid.",
    Reason.WAITING_FOR_SURPLUS: "Blue car waits for more surplus; its minimum is 6 A.",
    Reason.SURPLUS: "Blue car follows the surplus and gets 8 A.",
    Reason.MINIMUM: "Blue car stays at its minimum, 8 A, until there is surplus for more.",
}


@pytest.mark.parametrize("reason", SAID)
def test_the_engines_reasons(reason):
    assert sentence(SITE, "left", allocated(reason)) == SAID[reason]


def test_reasons_name_the_load_or_limit_that_is_in_the_way():
    outranked = allocated(Reason.OUTRANKED, "boiler", current=0, power=0)
    assert (
        sentence(SITE, "left", outranked)
        == "Boiler leaves no room for the minimum of Blue car, 6 A."
    )
    unfit = allocated(Reason.DOES_NOT_FIT, "main/A", current=0, power=0)
    assert sentence(SITE, "left", unfit) == (
        "The minimum of Blue car, 6 A, does not fit: main fuse, phase A."
    )
    limited = allocated(Reason.LIMITED, "garage/A")
    assert (
        sentence(SITE, "left", limited) == "Blue car gets 8 A, and no more fits: Garage, phase A."
    )


def test_a_strict_round_is_said_as_what_it_is():
    strict = replace(SITE, distribution=Distribution.STRICT)
    assert sentence(strict, "left", allocated(Reason.OUTRANKED, "boiler")) == (
        "Blue car waits until boiler, which comes before it, has all it wants."
    )


def test_a_load_in_watts_is_said_in_watts():
    assert sentence(SITE, "boiler", allocated(Reason.FULL, power=2000.0)) == (
        "Boiler gets all that it may take now, 2 kW."
    )
    assert sentence(SITE, "boiler", allocated(Reason.NOT_CONNECTED)) == "Boiler is not connected."


@pytest.mark.parametrize(
    ("reason", "without", "with_time"),
    [
        (Reason.HOLDING, "for a while", "for 1 min 30 s more"),
        (Reason.RESTING, "before it may start again", "start again in 1 min 30 s"),
        (Reason.PLANNED_LATER, "for later", "to start in 1 min 30 s"),
        (Reason.OVERRIDDEN, "left as it is.", "for 1 min 30 s more"),
    ],
)
def test_the_controllers_reasons_say_how_long(reason, without, with_time):
    assert without in sentence(SITE, "left", decided(reason))
    assert without in sentence(SITE, "left", decided(reason, until=190.0))
    assert with_time in sentence(SITE, "left", decided(reason, until=190.0), now=100.0)
    assert "0 s" in sentence(SITE, "left", decided(reason, until=190.0), now=200.0)


@pytest.mark.parametrize("budget", Rest)
def test_rest_names_its_budget(budget):
    resting = decided(Reason.RESTING, by=budget, until=190.0)
    assert "1 min 30 s" in sentence(SITE, "left", resting, now=100.0) or budget is (
        Rest.STARTS_PER_SESSION
    )
    assert "{" not in sentence(SITE, "left", resting)
    if budget is not Rest.MIN_OFF:
        assert sentence(SITE, "left", resting) != sentence(SITE, "left", decided(Reason.RESTING))


def test_equals_that_take_turns_are_told_so():
    site = replace(SITE, loads=(replace(BOILER, id="right"),))
    waiting = decided(Reason.OUTRANKED, by="right", until=190.0)
    assert sentence(site, "left", waiting) == (
        "Blue car and right take turns, and it is the turn of right."
    )
    assert sentence(site, "left", waiting, now=100.0) == (
        "Blue car and right take turns; Blue car comes in 1 min 30 s."
    )
    other = replace(site, loads=(replace(BOILER, id="right", priority=2),))
    assert "leaves no room" in sentence(other, "left", waiting)


@pytest.mark.parametrize(
    ("mode", "current", "without", "with_time"),
    [
        (Mode.STANDARD, 0.0, "meter shows that there is room", "starts in 30 s if the room"),
        (Mode.SOLAR, 0.0, "surplus has lasted long enough", "starts in 30 s if the surplus lasts"),
        (Mode.SOLAR, 6.0, "has 6 A and may have more once", "has 6 A and may have more in 30 s"),
    ],
)
def test_starting_says_what_it_waits_for(mode, current, without, with_time):
    plug = replace(PLUG, mode=mode)
    site = replace(SITE, chargers=(replace(SITE.chargers[0], plugs=(plug,)),))
    starting = decided(Reason.STARTING, current=current, power=230 * current, until=130.0)
    assert without in sentence(site, "left", starting)
    assert with_time in sentence(site, "left", starting, now=100.0)


def test_failsafe_says_what_is_left():
    assert "only what is safe without it, 6 A." in sentence(SITE, "left", decided(Reason.FAILSAFE))
    off = decided(Reason.FAILSAFE, current=0.0, power=0.0, setpoint=0.0)
    assert sentence(SITE, "left", off).endswith("Blue car is off until it can.")


def test_a_dry_run_says_what_would_be():
    dry = decided(Reason.DRY_RUN, wanted=Reason.RESTING, until=130.0)
    assert sentence(SITE, "left", dry, now=100.0) == (
        "Nothing is commanded, this is a dry run. "
        "With control on: Blue car rests; it may start again in 30 s."
    )
    assert "Blue car" in sentence(SITE, "left", decided(Reason.DRY_RUN))


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("load", ["left", "boiler"])
def test_every_reason_has_a_sentence_even_without_what_it_names(reason, load):
    for outcome in (allocated(reason), decided(reason), decided(reason, until=5.0)):
        said = sentence(SITE, load, outcome, now=1.0)
        assert said.endswith(".")
        assert said[0].isupper()
        assert "{" not in said


def test_a_message_is_its_template_with_its_placeholders():
    said = message(SITE, "left", allocated(Reason.LIMITED, "garage/A"))
    assert said.template == "limited"
    assert REASONS[said.template].format_map(said.placeholders) == said.text
    assert said.placeholders["limit"] == "Garage, phase A"


def test_no_template_is_without_a_member_of_its_list():
    for table, members in ((REASONS, Reason), (STATUSES, SiteStatus), (TROUBLES, TroubleCode)):
        assert {key.partition(".")[0] for key in table} == {member.value for member in members}
        for template in table.values():
            assert all(
                name is None or name.isidentifier()
                for _, name, _, _ in string.Formatter().parse(template)
            )


@pytest.mark.parametrize("status", SiteStatus)
def test_every_status_has_a_sentence(status):
    assert status_sentence(status).endswith(".")


@pytest.mark.parametrize("code", TroubleCode)
def test_every_trouble_has_a_sentence(code):
    trouble = Trouble(code=code, about="left", since=100.0, given=41.5)
    assert trouble_sentence(SITE, trouble).endswith(".")
    assert "{" not in trouble_sentence(SITE, trouble, now=160.0)


def test_troubles_say_since_when_and_what():
    silent = Trouble(code=TroubleCode.METER_SILENT, about="grid/A", since=100.0)
    assert trouble_sentence(SITE, silent, now=145.0) == (
        "Nothing has been reported for 45 s by the grid meter, phase A."
    )
    wild = Trouble(code=TroubleCode.METER_IMPLAUSIBLE, about="grid/B", since=1.0, given=1e6)
    assert "1e+06, comes from the grid meter, phase B" in trouble_sentence(SITE, wild, now=2.0)
    deaf = Trouble(code=TroubleCode.DEVICE_DISOBEYS, about="left", since=1.0)
    assert trouble_sentence(SITE, deaf).startswith("Blue car does not follow")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("main/A", "main fuse, phase A"),
        ("garage/A", "Garage, phase A"),
        ("wallbox/C", "Wallbox, phase C"),
        ("wallbox/active", "the number of plugs Wallbox may use at once"),
        ("import", "import limit"),
        ("dimming", "the grid operator's limit"),
        ("unbalance/AB", "difference between phases A and B"),
        ("inverter", "inverter"),
        ("inverter/A", "inverter, phase A"),
        ("left", "Blue car"),
        ("something", "something"),
    ],
)
def test_limits_have_names(name, words):
    assert limit_name(SITE, name) == words


def test_a_site_with_one_phase_does_not_speak_of_phases():
    assert limit_name(Site(fuse={A: 25}, phases=(A,)), "main/A") == "main fuse"


def test_amounts_and_durations():
    assert [current(value) for value in (6.0, 8.6956, 0.0, -0.04)] == ["6 A", "8.7 A", "0 A", "0 A"]
    assert [power(value) for value in (800.4, 1380.0, -2200.0)] == ["800 W", "1.38 kW", "-2.2 kW"]
    assert [duration(value) for value in (0, 59.4, 60, 150, 3600, 4799)] == [
        "0 s", "59 s", "1 min", "2 min 30 s", "1 h", "1 h 20 min",
    ]  # fmt: skip

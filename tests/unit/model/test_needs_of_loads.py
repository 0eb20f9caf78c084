"""What a site file says of a load's needs: read, and refused where it makes no sense."""

import pytest

from evenload.model.document import parse_document
from evenload.model.finding import ConfigurationError
from evenload.model.need import Disinfection, ReadyBy, Runtime, Temperatures

SITE = {
    "site": {"fuse": 25},
    "loads": [
        {"id": "tank", "kind": "switch", "power": 2000, "phases": {"L1": "A"}},
        {"id": "car", "kind": "ev", "min": 6, "max": 16, "phases": {"L1": "A"}},
    ],
}


def document(load, **needs):
    return {**SITE, "control": {"loads": {load: needs}}}


def settings(load, **needs):
    return parse_document(document(load, **needs)).settings.loads[load]


def test_temperatures_are_read_with_times_of_day():
    given = {
        "floor": 40.0,
        "target": 50.0,
        "boost": 60.0,
        "ready_by": "18:00",
        "volume": 200.0,
        "disinfection": {"interval": 86400.0},
    }
    assert settings("tank", temperatures=given).temperatures == Temperatures(
        floor=40.0,
        target=50.0,
        boost=60.0,
        ready_by=64800,
        volume=200.0,
        disinfection=Disinfection(interval=86400.0),
    )


def test_a_runtime_and_a_departure_are_read():
    runtime = {"daily": 7200.0, "window_start": "09:00", "window_end": "17:30"}
    assert settings("tank", runtime=runtime).runtime == Runtime(
        daily=7200.0, window_start=32400, window_end=63000
    )
    leaves = settings("car", ready_by={"at": "07:15", "energy": 12000.0}).ready_by
    assert leaves == ReadyBy(at=26100, energy=12000.0)


@pytest.mark.parametrize(
    ("load", "needs", "path", "words"),
    [
        ("tank", {"ready_by": {"at": "07:00", "energy": 1.0}}, "ready_by", "kind switch"),
        ("car", {"runtime": {"daily": 60.0}}, "runtime", "kind ev"),
        ("car", {"temperatures": {"target": 50.0}}, "temperatures", "kind ev"),
        (
            "tank",
            {"temperatures": {"target": 50.0}, "runtime": {"daily": 60.0}},
            "runtime",
            "beside temperatures",
        ),
        (
            "tank",
            {"temperatures": {"target": 50.0, "floor": 55.0}},
            "temperatures.floor",
            "given 55, above target 50",
        ),
        (
            "tank",
            {"temperatures": {"target": 50.0, "boost": 45.0}},
            "temperatures.target",
            "above boost 45",
        ),
        ("tank", {"temperatures": {"target": 500.0}}, "temperatures.target", "given 500"),
        (
            "tank",
            {"temperatures": {"target": 50.0, "ready_by": "18:00"}},
            "temperatures.ready_by",
            "without volume",
        ),
        (
            "tank",
            {"temperatures": {"target": 50.0, "ready_by": "six"}},
            "temperatures.ready_by",
            "17:30",
        ),
        (
            "tank",
            {"runtime": {"daily": 7200.0, "window_start": "09:00", "window_end": "10:00"}},
            "runtime.daily",
            "more than its window of 3600 s",
        ),
        ("car", {"ready_by": {"at": "07:00", "energy": 0.0}}, "ready_by.energy", "given 0"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(load, needs, path, words):
    with pytest.raises(ConfigurationError) as caught:
        parse_document(document(load, **needs))
    (finding,) = caught.value.findings
    assert finding.path == f"control.loads.{load}.{path}"
    assert words in f"{finding.problem}; {finding.allowed}"

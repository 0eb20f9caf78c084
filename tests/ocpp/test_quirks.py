"""The table of quirks is data that can be trusted, and it is followed."""

import pytest

from evenload.ocpp.nouns import RateUnit, StationInfo
from evenload.ocpp.quirks import Differences, Kind, Pause, differences, differing, read_row, table
from tests.ocpp.rig import Talk


def test_every_row_has_a_name_of_its_own_a_reason_and_a_source():
    names = [row.name for row in table()]
    assert len(names) == len(set(names))
    assert len(names) >= 20
    assert all(row.vendor for row in table()), "a row without a vendor would fit every station"


@pytest.mark.parametrize("row", table(), ids=lambda row: row.name)
def test_every_row_changes_something_from_what_a_station_should_be(row):
    base = Differences()
    changed = differing(base, row.differs)
    assert changed != base or row.name == "ocular", "a row may also confirm a default"


@pytest.mark.parametrize(
    ("info", "names"),
    [
        (StationInfo(vendor="HUAWEI", model="SCharger-7KS-S0"), ("huawei",)),
        (StationInfo(vendor="ABB", model="Terra AC W22"), ("abb-terra",)),
        (StationInfo(vendor="ABB", model="Terra 54 CJG"), ("abb-terra", "abb-terra-dc")),
        (StationInfo(vendor="Wall Box Chargers", firmware="5.17.4"), ("wallbox",)),
        (
            StationInfo(vendor="Wall Box Chargers", firmware="6.5.2"),
            ("wallbox", "wallbox-firmware-6"),
        ),
        (StationInfo(vendor="EN+", model="AC010"), ("en-plus",)),
        (StationInfo(vendor="Somebody", model="else"), ()),
        (StationInfo(), ()),
    ],
)
def test_rows_are_found_by_what_a_station_says_of_itself(info, names):
    assert differences(info, {})[1] == names


def test_later_rows_win_and_a_person_wins_over_all():
    info = StationInfo(vendor="Wall Box Chargers", firmware="6.5.2")
    found, _ = differences(info, {"lease": 300})
    assert found.kind is Kind.RELATIVE
    assert found.lease == 300


@pytest.mark.parametrize(
    "wrong",
    [
        {"differs": {"conjure": 1}},
        {"differs": {"pause": "never"}},
        {"differs": {"lease": "long"}},
        {"differs": {"lease": -1}},
        {"differs": {"stack_level": True}},
        {"differs": {"remote_start": 1}},
        {"differs": {"currents": [6, "8"]}},
        {"differs": {"measurands": "Voltage"}},
        {"vendors": "maker"},
        {"vendor": "("},
        {"why": ""},
        {"source": ""},
        {"name": "Not A Name"},
    ],
)
def test_a_wrong_row_is_refused(wrong):
    right = {
        "name": "maker",
        "vendor": "maker",
        "differs": {"pause": "minimum"},
        "why": "because it is so",
        "source": "measured",
    }
    read_row(right)
    with pytest.raises((ValueError, TypeError)):
        read_row(right | wrong)


def test_they_apply_when_the_station_boots():
    talk = Talk()
    talk.boot(chargePointVendor="Huawei")
    snapshot = talk.station.snapshot()
    assert snapshot.quirks == ("huawei",)
    assert talk.station.state.differences.unit is RateUnit.W
    assert talk.station.state.differences.pause is Pause.MINIMUM

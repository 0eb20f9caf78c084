"""Virtual stations follow profiles as the specification says."""

from datetime import timedelta

import pytest

from evenload.ocpp.dialects import dialect
from evenload.ocpp.nouns import Fallback, RateUnit, Setpoint, Version
from evenload.ocpp.profiles import Target, Way, planned
from evenload.ocpp.quirks import Differences, Kind
from evenload.simulate.stations.profiles import HeldProfile, ProfileStore, composite, read_profile
from tests.ocpp.rig import START

VERSIONS = tuple(Version)


def held(
    limit: float, *, identifier: int = 1, plug: int = 1, stack: int = 0, **more: object
) -> HeldProfile:
    settings: dict[str, object] = {
        "purpose": "TxDefaultProfile",
        "kind": "Absolute",
        "installed": START,
        "unit": "A",
        "periods": ((0.0, limit, None),),
        "start": START,
    }
    return HeldProfile(id=identifier, plug=plug, stack=stack, **(settings | more))  # type: ignore[arg-type]


def limit_at(
    store: ProfileStore, seconds: float, *, plug: int = 1, running: bool = True
) -> float | None:
    began = START if running else None
    found = store.limit(plug, START + timedelta(seconds=seconds), began, phases=3)
    return None if found is None else found.current


def test_without_profiles_nothing_is_limited():
    assert limit_at(ProfileStore(), 0.0) is None


def test_the_highest_valid_stack_level_counts():
    store = ProfileStore()
    store.install(held(6.0, identifier=1))
    store.install(held(16.0, identifier=2, stack=1, duration=100.0))
    assert [limit_at(store, seconds) for seconds in (0.0, 99.0, 100.0)] == [16.0, 16.0, 6.0]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"valid_to": START + timedelta(seconds=50)}, [16.0, None]),
        ({"valid_from": START + timedelta(seconds=50)}, [None, 16.0]),
        ({"start": START + timedelta(seconds=50)}, [None, 16.0]),
        ({"duration": 50.0}, [16.0, None]),
        ({"kind": "Relative", "start": None, "duration": 50.0}, [16.0, None]),
        ({"kind": "Recurring", "start": START - timedelta(days=1), "duration": 50.0}, [16.0, None]),
        ({"periods": ((0.0, 16.0, None), (50.0, 6.0, None))}, [16.0, 6.0]),
    ],
)
def test_each_way_to_expire(more, expected):
    store = ProfileStore()
    store.install(held(16.0, **more))
    assert [limit_at(store, 49.0), limit_at(store, 50.0)] == expected


def test_a_profile_replaces_one_with_its_id_and_one_with_its_place():
    store = ProfileStore()
    store.install(held(16.0))
    store.install(held(10.0))
    store.install(held(8.0, identifier=2))
    assert [each.id for each in store] == [2]
    store.install(held(7.0, identifier=3, plug=2))
    assert limit_at(store, 0.0) == 8.0


def test_a_default_of_the_plug_goes_before_one_of_the_station_and_a_transactions_before_both():
    store = ProfileStore()
    store.install(held(6.0, plug=0))
    assert limit_at(store, 0.0) == 6.0
    store.install(held(10.0, identifier=2))
    assert limit_at(store, 0.0) == 10.0
    store.install(held(8.0, identifier=3, purpose="TxProfile"))
    assert limit_at(store, 0.0) == 8.0
    assert limit_at(store, 0.0, running=False) == 10.0
    store.end_transaction(1)
    assert limit_at(store, 0.0) == 10.0


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("unit", list(RateUnit))
@pytest.mark.parametrize("fallback", [Fallback.TWO_PERIODS, Fallback.BASE_AND_LEASE])
def test_what_the_central_system_sends_falls_back_to_the_safe_current(version, unit, fallback):
    setpoint = Setpoint(current=16.0, fallback=6.0, lease=180.0)
    target = Target(plug=1, station_time=START)
    store = ProfileStore()
    for profile in planned(setpoint, Way(fallback, unit), Differences(), target):
        payload = dialect(version).set_profile(profile).payload
        given = payload.get("csChargingProfiles", payload.get("chargingProfile"))
        assert isinstance(given, dict)
        installed = read_profile(1, given, START)
        assert installed is not None
        store.install(installed)
    limits = [limit_at(store, seconds) for seconds in (0.0, 179.0, 181.0, 86_400.0)]
    assert limits == [
        pytest.approx(16.0),
        pytest.approx(16.0),
        pytest.approx(6.0),
        pytest.approx(6.0),
    ]


def test_a_relative_profile_that_must_expire_does_so_by_its_end():
    setpoint = Setpoint(current=16.0, fallback=6.0, lease=180.0)
    way = Way(Fallback.BASE_AND_LEASE, RateUnit.A)
    relative = Differences(kind=Kind.RELATIVE)
    lease, base = planned(setpoint, way, relative, Target(plug=1, station_time=START))
    assert lease.duration is None
    assert lease.ends == START + timedelta(seconds=180)
    assert base.ends is None


def test_a_composite_schedule_tells_the_coming_limits():
    store = ProfileStore()
    store.install(held(16.0, periods=((0.0, 16.0, None), (50.0, 6.0, None))))
    found = composite(store, 1, START, START, phases=3, seconds=100, most=32.0)
    assert found == [(0, 16.0), (50, 6.0)]


def test_a_lease_that_ends_with_the_connection_leaves_the_safe_current():
    setpoint = Setpoint(current=16.0, fallback=6.0, lease=180.0)
    way = Way(Fallback.BASE_AND_LEASE, RateUnit.A, offline=True)
    store = ProfileStore()
    for profile in planned(setpoint, way, Differences(), Target(plug=1, station_time=START)):
        given = dialect(Version.V21).set_profile(profile).payload["chargingProfile"]
        assert isinstance(given, dict)
        installed = read_profile(1, given, START)
        assert installed is not None
        store.install(installed)
    store.end_offline(119.0)
    assert limit_at(store, 150.0) == 16.0
    store.end_offline(120.0)
    assert limit_at(store, 150.0) == 6.0

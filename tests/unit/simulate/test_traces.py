"""Households, sun and clouds are like the ones that have been recorded."""

import itertools

import numpy as np
import pytest

from evenload.model.finding import ConfigurationError
from evenload.model.site import Phase
from evenload.simulate.settings import (
    CsvHousehold,
    GeneratedHousehold,
    GeneratedSolar,
    Location,
    Plant,
    RecordedHousehold,
    Size,
    Sky,
)
from evenload.simulate.traces.clouds import clearness
from evenload.simulate.traces.day import Traces
from evenload.simulate.traces.household import household_day
from evenload.simulate.traces.recorded import open_recording
from evenload.simulate.traces.sun import clear_sky
from evenload.simulate.traces.table import DATA_VARIABLE

DAY = 86400
JUNE, MARCH, DECEMBER = 172, 80, 355


def chance_of(seed: int):
    return lambda day: np.random.default_rng([seed, day + 1])


def days_of(size: Size, phases: int = 1, days: int = 20):
    household = GeneratedHousehold(size=size)
    return [household_day(household, chance_of(3), day, phases=phases) for day in range(days)]


def test_a_large_house_on_one_phase_is_above_25_a_in_some_minutes_out_of_a_thousand():
    currents = np.concatenate(days_of(Size.LARGE, days=40), axis=1)[0].reshape(-1, 60).mean(1) / 230
    assert 0.001 < (currents > 25).mean() < 0.006
    assert 32 < currents.max() < 50


def test_a_normal_house_uses_what_a_family_uses():
    energies = [day.sum() / 3.6e6 for day in days_of(Size.NORMAL)]
    assert 7 < np.mean(energies) < 13
    assert max(energies) > 1.2 * min(energies)


def test_phases_share_what_one_phase_would_carry():
    (one,), (three,) = days_of(Size.NORMAL, 1, 1), days_of(Size.NORMAL, 3, 1)
    assert three.shape == (3, DAY)
    assert np.allclose(three.sum(axis=0), one[0])


def test_a_household_that_knows_its_fuse_lives_on_it_and_uses_as_much():
    """What would load a phase beyond what the fuse carries is switched on later."""
    household, carried = GeneratedHousehold(size=Size.LARGE), 6500.0
    plain = [household_day(household, chance_of(3), day, phases=1) for day in range(12)]
    room = np.full((1, DAY), carried)
    known = [
        household_day(household, chance_of(3), day, phases=1, room=lambda _: room)
        for day in range(12)
    ]
    highest = [max(day.reshape(-1, 60).mean(1).max() for day in days) for days in (plain, known)]
    assert highest[0] > carried > highest[1]
    energy = [sum(day.sum() for day in days) for days in (plain, known)]
    assert energy[1] > 0.97 * energy[0]


def test_a_day_does_not_depend_on_the_days_before():
    household = GeneratedHousehold()
    again = household_day(household, chance_of(3), 7, phases=1)
    assert np.array_equal(days_of(Size.NORMAL, days=8)[7], again)
    assert not np.array_equal(again, household_day(household, chance_of(4), 7, phases=1))


def test_what_runs_at_midnight_runs_on():
    days = days_of(Size.LARGE, days=40)
    steps = [abs(after[0, 0] - before[0, -1]) for before, after in itertools.pairwise(days)]
    evenings = [day[0, -1] for day in days]
    assert max(evenings) > 1500, "nothing runs over midnight in this sample"
    assert max(steps) < 1500


def test_a_demonstration_kettle_comes_on_at_its_interval():
    plain = household_day(GeneratedHousehold(), chance_of(3), 0, phases=3)
    busy = household_day(GeneratedHousehold(appliance_interval=240), chance_of(3), 0, phases=3)
    added = busy - plain
    begins = np.flatnonzero(np.diff(added.sum(axis=0)) > 1500)
    assert np.all(np.diff(begins) == 240)
    assert added[0].max() == pytest.approx(2000)
    assert added[1].max() == pytest.approx(2500)


@pytest.mark.parametrize(("day", "least", "most"), [(JUNE, 5.5, 7.5), (DECEMBER, 1.0, 2.5)])
def test_a_clear_day_gives_what_roofs_in_the_netherlands_give(day, least, most):
    power = clear_sky(GeneratedSolar(peak=1000), Location(), day, 10.0)
    assert least < power[:-1].sum() / 60 / 1000 < most
    assert power.max() < 1000


def test_the_sun_stands_highest_at_solar_noon_and_is_gone_at_night():
    flat = GeneratedSolar(peak=1000, tilt=0)
    power = clear_sky(flat, Location(longitude=15.0, utc_offset=1), MARCH, 10.0)
    assert abs(int(power.argmax()) - 12 * 60) < 12
    assert power[0] == power[-1] == 0.0


def test_days_are_as_long_as_they_are():
    daylight = (
        clear_sky(GeneratedSolar(peak=1000), Location(latitude=52.1), JUNE, 15.0) > 0
    ).sum() / 60
    assert daylight == pytest.approx(16.6, abs=0.4)


def test_a_roof_to_the_east_earns_in_the_morning():
    def centre(azimuth):
        power = clear_sky(GeneratedSolar(peak=1000, azimuth=azimuth), Location(), JUNE, 15.0)
        return (power * np.arange(power.size)).sum() / power.sum()

    assert centre(90) < centre(180) < centre(270)


def fastest_changes(sky):
    """Return by span [s] the fastest change of each of 30 June days of a roof of 10 kWp [W]."""
    power = clear_sky(GeneratedSolar(peak=10_000), Location(), JUNE, 15.0)
    clear = np.interp(np.arange(DAY) / 60, np.arange(power.size), power)
    days = [clear * clearness(sky, np.random.default_rng(seed)) for seed in range(30)]
    return {
        span: [np.abs(day[span:] - day[:-span]).max() for day in days] for span in (2, 10, 60, 300)
    }


def test_broken_clouds_change_a_roof_as_fast_as_recorded_ones_and_no_faster():
    """Recorded, scaled to 10 kWp: at most 1.0 kW in 2 s and 2.6 kW in 10 s."""
    fastest = fastest_changes(Sky.BROKEN)
    assert 400 < max(fastest[2]) <= 1000
    assert 1800 < max(fastest[10]) <= 2600


def test_what_an_edge_does_it_has_done_after_ten_seconds():
    """Recorded: 2.6 kW in 10 s, 2.7 kW in 60 s and 3.6 to 4.6 kW in five minutes."""
    fastest = fastest_changes(Sky.BROKEN)
    assert 2200 < np.median(fastest[60]) < 2800
    assert max(fastest[60]) < 3000
    assert 3400 < np.median(fastest[300]) < 4600


def test_overcast_skies_change_no_faster_than_broken_ones():
    broken, overcast = fastest_changes(Sky.BROKEN), fastest_changes(Sky.OVERCAST)
    for span in (2, 10, 60):
        assert max(overcast[span]) < max(broken[span])


def test_skies_leave_as_much_as_their_names_say():
    means = [
        np.mean([clearness(sky, np.random.default_rng(seed)).mean() for seed in range(10)])
        for sky in (Sky.OVERCAST, Sky.BROKEN, Sky.CLEAR)
    ]
    assert means[0] < 0.4 < means[1] < 0.9 < means[2] <= 1.0


def write(tmp_path, text):
    path = tmp_path / "house.csv"
    path.write_text(text)
    return str(path)


def test_a_users_csv_is_replayed_second_by_second(tmp_path):
    rows = "".join(f"2026-03-01T00:00:{second:02},0.{second:02}\n" for second in range(60))
    path = write(tmp_path, "time,kw\n" + rows)
    source = CsvHousehold(source="csv", path=path, columns={"A": "kw"}, scale=1000)
    day = open_recording(source, [Phase.A]).day(0, np.random.default_rng(1))
    assert day.shape == (1, DAY)
    assert list(day[0, :60]) == pytest.approx([10.0 * second for second in range(60)])
    assert day[0, -1] == pytest.approx(590.0)


def test_minute_means_keep_their_energy_and_get_spikes(tmp_path):
    minutes = np.full(1440, 200.0)
    minutes[600:1400:37] = 1500.0
    rows = "".join(f"{60 * minute},{power}\n" for minute, power in enumerate(minutes))
    path = write(tmp_path, "time,w\n" + rows)
    source = CsvHousehold(source="csv", path=path, columns={"A": "w"})
    power = open_recording(source, [Phase.A]).day(0, np.random.default_rng(1))[0]
    assert np.allclose(power.reshape(-1, 60).mean(axis=1), minutes)
    assert power.max() > 2000
    assert power.min() == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("text", "columns", "path_of_finding"),
    [
        ("time,w\n0,1\n60,2\n", {"A": "watts"}, "plant.household.columns"),
        ("time,w\n0,1\n60,many\n", {"A": "w"}, "plant.household.columns"),
        ("time,w\n60,1\n0,2\n", {"A": "w"}, "plant.household.time"),
        ("time,w\nnoon,1\nlater,2\n", {"A": "w"}, "plant.household.time"),
        ("", {"A": "w"}, "plant.household.columns"),
        ("time,w\n0,1\n60,2\n", {"B": "w"}, "plant.household.columns"),
    ],
)
def test_a_csv_that_cannot_be_used_is_refused_with_its_place(
    tmp_path, text, columns, path_of_finding
):
    source = CsvHousehold(source="csv", path=write(tmp_path, text), columns=columns)
    with pytest.raises(ConfigurationError) as refusal:
        open_recording(source, [Phase.A])
    assert refusal.value.findings[0].path == path_of_finding


def test_a_recording_without_the_data_is_refused_clearly(monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    source = RecordedHousehold(source="recorded", path="house3p/x.parquet", columns={"A": "P_W"})
    with pytest.raises(ConfigurationError, match="EVENLOAD_DATA is not set"):
        open_recording(source, [Phase.A])


def test_a_recorded_house_is_read_in_place(tmp_path, monkeypatch):
    arrow = pytest.importorskip("pyarrow", reason="recordings need pyarrow")
    from pyarrow import parquet  # noqa: PLC0415 - after the check above

    times = np.datetime64("2009-03-01T00:00") + np.arange(2880) * np.timedelta64(60, "s")
    table = arrow.table({"time": times, "P_W": np.repeat([300.0, 700.0], 1440)})
    parquet.write_table(table, tmp_path / "house.parquet")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    source = RecordedHousehold(
        source="recorded", path="house.parquet", columns={"A": "P_W"}, first_day=1
    )
    recording = open_recording(source, [Phase.A])
    first, second = (recording.day(day, np.random.default_rng(1)) for day in (0, 1))
    assert first.mean() == pytest.approx(700.0)
    assert second.mean() == pytest.approx(300.0), "it begins again at its end"


def test_voltages_wander_as_recorded_ones_do():
    traces = Traces(Plant(), (Phase.A, Phase.B, Phase.C), 230.0)
    days = [np.array(traces.house_day(day).voltages) for day in range(20)]
    assert 226.9 < min(day.min() for day in days) < 232
    assert 245 < max(day.max() for day in days) < 250.1
    assert 3 < np.mean([np.ptp(day, axis=0).mean() for day in days]) < 7


def test_weather_follows_the_seasons_and_days_hang_together():
    plant = Plant(start="2026-01-01")
    days = [Traces(plant, (Phase.A,), 230.0).weather_day(day) for day in range(360)]
    means = np.array([np.mean(day.temperatures) for day in days])
    assert means[:60].mean() < 5
    assert means[150:240].mean() > 12
    spells = means - np.convolve(np.pad(means, 15, mode="edge"), np.ones(31) / 31, mode="valid")
    assert 2.0 < spells.std() < 5.0
    assert np.corrcoef(spells[1:], spells[:-1])[0, 1] > 0.5
    assert max(day.irradiances[720] for day in days) > 700
    assert days[0].irradiances[0] == 0.0


def test_recorded_weather_is_read_from_a_table(tmp_path):
    path = tmp_path / "weather.csv"
    rows = "".join(f"{600 * row},{row / 10},{row}\n" for row in range(144))
    path.write_text(f"time,air,ghi\n{rows}")
    weather = {"source": "csv", "path": str(path), "temperature": "air", "irradiance": "ghi"}
    day = Traces(Plant(weather=weather), (Phase.A,), 230.0).weather_day(0)
    assert day.temperatures[600] == pytest.approx(6.0)
    assert day.irradiances[605] == pytest.approx(60.5)

"""A replay reads what Home Assistant recorded, changes nothing, and says what Evenload would have done."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evenload.model.allocation import Reason
from evenload.model.decision import SiteStatus
from evenload.model.document import read_document
from evenload.model.finding import ConfigurationError
from evenload.model.readings import LoadState
from evenload.simulate.replay import open_history, read_mapping, shadow
from evenload.simulate.replay.history import Row
from evenload.simulate.replay.mapping import Sensor, state_of
from evenload.simulate.replay.page import page
from evenload.simulate.replay.readings import Readings, converted
from evenload.simulate.replay.words import verdict
from tests.unit.simulate.histories import BEGIN, SITE, Said, lived, write_database, write_export

DOCUMENT = read_document(SITE)
MAPPING = read_mapping(DOCUMENT.replay, DOCUMENT.site)


@pytest.fixture(scope="module")
def said():
    return lived(seconds=4500)


@pytest.fixture(scope="module")
def files(tmp_path_factory, said) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("history")
    return {
        "export": write_export(folder / "history.csv", said),
        "database": write_database(folder / "home-assistant_v2.db", said),
    }


def replayed(path: Path, **between):
    history = open_history(path, frozenset(MAPPING.entities()), **between)
    return shadow(history, DOCUMENT.site, DOCUMENT.settings, MAPPING)


@pytest.mark.parametrize("kind", ["export", "database"])
def test_an_uncontrolled_car_on_a_25_a_fuse_would_have_been_made_to_yield(files, kind):
    told = replayed(files[kind])
    car = told.loads["car"]
    assert told.seconds == pytest.approx(4500, abs=15)
    assert told.over_seconds > 600
    assert told.over_with_loads >= 0.98 * told.over_seconds
    assert car.drawn > 1500.0
    assert car.cut >= 0.8 * car.drawn, "little sun was left for a car in solar mode"
    assert car.reasons[Reason.WAITING_FOR_SURPLUS] > 600
    assert told.statuses.get(SiteStatus.FAILSAFE, 0.0) == 0.0


def test_both_forms_of_the_same_history_tell_the_same(files):
    export, database = (replayed(files[kind]) for kind in ("export", "database"))
    assert export.passes == database.passes
    assert export.over_seconds == pytest.approx(database.over_seconds, abs=60)
    for name, own in export.loads.items():
        assert own.drawn == pytest.approx(database.loads[name].drawn, rel=0.01)
        assert own.cut == pytest.approx(database.loads[name].cut, rel=0.05, abs=20.0)


def test_what_evenload_itself_had_controlled_would_hardly_have_been_lowered(tmp_path):
    path = write_export(tmp_path / "ours.csv", lived("evenload", seconds=5400, fuse=25))
    told = replayed(path)
    assert told.over_with_loads <= 30.0
    assert told.loads["car"].cut <= 0.2 * max(told.loads["car"].drawn, 500.0)


def test_a_database_is_left_as_it_was_and_cannot_be_written_to(files, tmp_path):
    path = tmp_path / "copy.db"
    path.write_bytes(files["database"].read_bytes())
    before, folder = path.stat(), sorted(tmp_path.iterdir())
    history = open_history(path, frozenset(MAPPING.entities()))
    for _ in history.rows():
        pass
    after = path.stat()
    assert path.read_bytes() == files["database"].read_bytes()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    assert sorted(tmp_path.iterdir()) == folder, "no journal beside it either"
    with (
        closing(history._connect()) as database,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        database.execute("DELETE FROM states")


def test_a_database_in_use_by_its_writer_can_be_read(files, tmp_path):
    path = tmp_path / "live.db"
    path.write_bytes(files["database"].read_bytes())
    writer = sqlite3.connect(path)
    try:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE states SET state = '1' WHERE state_id = 1")
        assert sum(1 for _ in open_history(path, frozenset(MAPPING.entities())).rows()) > 100
    finally:
        writer.close()


NOBODY = 65534
"""A user who may write nowhere."""


def test_a_copy_on_a_medium_that_cannot_be_written_to_can_be_read(files):
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "home-assistant_v2.db"
        path.write_bytes(files["database"].read_bytes())
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
        path.chmod(0o444)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        try:
            if is_root:
                os.seteuid(NOBODY)
            history = open_history(path, frozenset(MAPPING.entities()))
            assert sum(1 for _ in history.rows()) > 100
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_without_a_meter_nothing_is_said_of_the_fuse(tmp_path, said):
    heard = [each for each in said if each.entity != "sensor.grid_a"]
    told = replayed(write_export(tmp_path / "history.csv", heard))
    assert verdict(told).startswith("Nothing that could be used was recorded of the meter")


def test_rows_come_in_the_order_of_time_whatever_the_order_in_the_file(files):
    for path in files.values():
        times = [row.at for row in open_history(path, frozenset(MAPPING.entities())).rows()]
        assert times == sorted(times)
        assert len(times) > 500


def test_a_part_of_it_can_be_asked_for(files):
    for path in files.values():
        history = open_history(
            path, frozenset(MAPPING.entities()), begin=BEGIN + 600, end=BEGIN + 1200
        )
        assert BEGIN + 600 <= history.begin < history.end < BEGIN + 1200


def test_a_database_knows_units_and_until_when_a_value_was_reported(tmp_path):
    path = write_database(
        tmp_path / "small.db",
        [Said(BEGIN + second, "sensor.grid_a", "1.5", "kW") for second in (0, 10, 20)]
        + [Said(BEGIN + 300, "sensor.grid_a", "2.5", "kW")],
    )
    first, second = open_history(path, {"sensor.grid_a"}).rows()
    assert (first.unit, first.until, second.until) == ("kW", BEGIN + 20, BEGIN + 300)


def readings(**more) -> Readings:
    data = {"grid": {"A": "sensor.grid_a"}, **more}
    site = replace(DOCUMENT.site, chargers=(), loads=())
    return Readings(read_mapping(data, site), voltage=230.0)


def test_a_value_in_an_export_is_reported_again_until_nothing_is_heard():
    said = readings(interval=5, gap=60)
    said.take(Row(100.0, "sensor.grid_a", "3.5"))
    assert said.sample("grid.A", Sensor(entity="sensor.grid_a"), 117.0).at == 115.0
    assert said.sample("grid.A", Sensor(entity="sensor.grid_a"), 900.0).at == 160.0
    said.take(Row(200.0, "sensor.other", "1"))
    assert said.sample("grid.A", Sensor(entity="sensor.grid_a"), 230.0).at == 230.0


def test_a_value_in_a_database_is_silent_when_it_was():
    said = readings()
    said.take(Row(100.0, "sensor.grid_a", "3.5", until=120.0))
    assert said.sample("grid.A", Sensor(entity="sensor.grid_a"), 500.0).at == 120.0


@pytest.mark.parametrize("state", ["unknown", "unavailable", "", "nan", "inf", "off", "1,5"])
def test_what_is_no_number_is_no_value(state):
    said = readings()
    said.take(Row(100.0, "sensor.grid_a", "3.5"))
    said.take(Row(105.0, "sensor.grid_a", state))
    assert said.sample("grid.A", Sensor(entity="sensor.grid_a"), 106.0) is None


def test_import_and_export_of_their_own_make_one_signed_value():
    said = readings()
    sensor = Sensor(entity="sensor.in", export="sensor.out", unit="kW")
    said.take(Row(100.0, "sensor.in", "0"))
    assert said.sample("total", sensor, 101.0) is None
    said.take(Row(101.0, "sensor.out", "1.25"))
    assert said.sample("total", sensor, 102.0).value == -1250.0
    assert said.sample("total", sensor.model_copy(update={"inverted": True}), 102.0).value == 1250.0


@pytest.mark.parametrize(
    ("place", "value", "unit", "expected"),
    [
        ("grid.A", 1500.0, "mA", 1.5),
        ("grid.A", -2.3, "kW", -2300.0 / (230 * 1.05)),
        ("solar", 2.5, "kW", 2500.0),
        ("loads.car.power", 7.2, "kW", 7200.0),
        ("loads.car.current.L1", 16.0, None, 16.0),
        ("loads.car.current.L1", 16.0, "W", None),
        ("voltage.A", 231.0, "V", 231.0),
        ("solar", 3.0, "kWh", None),
        ("battery_soc", 55.0, "%", 55.0),
    ],
)
def test_units_are_brought_to_those_of_the_place(place, value, unit, expected):
    assert converted(place, value, unit, voltage=230.0) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Charging", LoadState.CHARGING),
        ("SuspendedEVSE", LoadState.CONNECTED),
        ("Available", LoadState.DISCONNECTED),
        ("awaiting start", LoadState.CONNECTED),
        ("Laden", LoadState.CHARGING),
        ("gibberish", None),
    ],
)
def test_words_of_chargers_are_understood_and_own_ones_can_be_added(word, state):
    data = {"state": "sensor.x", "words": {"laden": "charging"}}
    mapping = read_mapping({"grid": {"A": "sensor.a"}, "loads": {"car": data}}, DOCUMENT.site)
    assert state_of(word, mapping.loads["car"]) is state


def test_an_unknown_word_and_a_strange_unit_are_said(tmp_path):
    said = [
        Said(BEGIN + second, entity, state, unit)
        for second in range(0, 120, 5)
        for entity, state, unit in (
            ("sensor.grid_a", str(3 + second % 2), "A"),
            ("sensor.solar", str(second), "kWh"),
            ("sensor.car_status", "humming", None),
        )
    ]
    told = replayed(write_database(tmp_path / "odd.db", said))
    assert told.strange_words == {"car": {"humming"}}
    assert told.strange_units == {"solar": "kWh"}


def test_a_meter_that_goes_away_is_failsafe_and_comes_back(tmp_path):
    said = [
        Said(BEGIN + second, "sensor.grid_a", f"{3 + second % 7}", "A")
        for second in range(0, 300, 5)
    ]
    said += [Said(BEGIN + 300, "sensor.grid_a", "unavailable", None)]
    said += [
        Said(BEGIN + second, "sensor.grid_a", f"{3 + second % 7}", "A")
        for second in range(600, 900, 5)
    ]
    told = replayed(write_database(tmp_path / "away.db", said))
    assert 240 <= told.statuses[SiteStatus.FAILSAFE] <= 320
    assert told.statuses[SiteStatus.OK] >= 500


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "is no text in UTF-8"),
        (b"time,value\n1,2\n", "begins with the columns time, value"),
        (b"entity_id,type,unit,2026-06-15\n", "energy panel's export"),
        (
            b"entity_id,state,last_changed\nsensor.grid_a,1,yesterday\n",
            "line 2: 'yesterday' is no time",
        ),
        (b"entity_id,state,last_changed\nsensor.else,1,2026-06-15T10:00:00Z\n", "holds nothing of"),
        (b"SQLite format 3\x00 and then rubbish", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_what_would_be_right(tmp_path, content, problem):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        open_history(path, frozenset(MAPPING.entities()))
    assert problem in str(caught.value)
    assert "history panel" in str(caught.value)


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE music (title TEXT)")
    database.close()
    with pytest.raises(ConfigurationError, match="a database without table states"):
        open_history(path, frozenset(MAPPING.entities()))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="No such file"):
        open_history(tmp_path / "nothing.csv", frozenset(MAPPING.entities()))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "replay: missing"),
        ({}, "replay.grid: A is missing"),
        ({"grid": {"A": 3}}, "replay.grid.A: given 3; expected an entity"),
        ({"grid": {"A": "s"}, "gird": {}}, "replay.gird: unknown key"),
        (
            {"grid": {"A": "s"}, "loads": {"cra": {"power": "s"}}},
            "no such load; expected the id of a load: boiler or car; did you mean car?",
        ),
        ({"grid": {"A": "s"}, "loads": {"car": {}}}, "replay.loads.car: nothing to go by"),
        ({"grid": {"A": "s"}, "interval": 0}, "replay.interval: given 0"),
        ({"grid": {"A": "s"}, "time_zone": "Mars/Olympus"}, "a time zone such as Europe/Amsterdam"),
        (
            {"grid": {"A": "s"}, "circuits": {"shed": {"A": "s"}}},
            "replay.circuits.shed: no such circuit",
        ),
    ],
)
def test_a_wrong_mapping_is_a_finding(data, problem):
    with pytest.raises(ConfigurationError) as caught:
        read_mapping(data, DOCUMENT.site)
    assert problem in str(caught.value)


def test_the_page_shows_phases_loads_and_what_cannot_be_known(files):
    written = page(replayed(files["database"]), title="home-assistant_v2.db")
    for shown in (
        "Phase A, fuse 25 A",
        "Wallbox, and why",
        "Evenload would allow",
        "would have been another",
    ):
        assert shown in written


DATA = Path(
    os.environ.get("EVENLOAD_DATA", Path(__file__).resolve().parents[4] / "shared" / "data")
)
RECORDED = DATA / "house3p" / "emhass_fr_home_ha_recorder_10s_20221019.parquet"


@pytest.mark.skipif(not RECORDED.exists(), reason="recorded data are not here")
def test_a_real_recording_of_home_assistant_is_replayed(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="reads recorded data")
    table = parquet.read_table(RECORDED).to_pydict()
    times, powers = table["time"], table["P_W"]
    said = [
        Said(moment.timestamp(), "sensor.power_load", str(power), "W")
        for moment, power in zip(times, powers, strict=True)
    ]
    site = read_document(
        "site: {phases: [A], fuse: 16}\nreplay: {grid: {A: sensor.power_load}, interval: 10}\n"
    )
    mapping = read_mapping(site.replay, site.site)
    told = shadow(
        open_history(write_database(tmp_path / "real.db", said), {"sensor.power_load"}),
        site.site,
        site.settings,
        mapping,
    )
    assert told.seconds == pytest.approx(86400, abs=60)
    assert told.statuses[SiteStatus.OK] > 0.9 * 86400
    assert 1.0 < told.worst < 1.3, "4 kW are more than 16 A"

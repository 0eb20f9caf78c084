"""What energy costs at each moment of a run."""

import os
from pathlib import Path

import pytest

from evenload.model.finding import ConfigurationError
from evenload.simulate.plant import Plant
from evenload.simulate.settings import Prices
from evenload.simulate.traces.prices import PriceTable
from evenload.simulate.traces.table import DATA_VARIABLE

from .houses import quiet

HOUR = 3600


def market(tmp_path, **more) -> dict:
    path = tmp_path / "prices.csv"
    rows = "".join(f"{hour * HOUR},{10 * hour}\n" for hour in range(48))
    path.write_text(f"time,eur_mwh\n{rows}")
    plain = {"source": "csv", "path": str(path), "column": "eur_mwh", "scale": 0.001}
    return plain | {"taxes": 0.1, "vat": 0.2, "export_fee": 0.01} | more


def test_prices_may_be_the_same_always():
    assert PriceTable(Prices(import_price=0.3, export_price=0.1)).at(1e6) == (0.3, 0.1)


def test_prices_may_go_by_the_hour():
    hours = tuple(0.01 * hour for hour in range(24))
    table = PriceTable(Prices(import_by_hour=hours, export_price=0.05))
    assert table.at(13.5 * HOUR) == (0.13, 0.05)
    assert table.at(37 * HOUR) == (0.13, 0.05)


def test_prices_may_follow_a_market(tmp_path):
    table = PriceTable(Prices(market=market(tmp_path)))
    assert table.at(12.5 * HOUR) == pytest.approx(((0.12 + 0.1) * 1.2, 0.11))
    assert table.at(60.5 * HOUR) == table.at(12.5 * HOUR), "it begins again at its end"


def test_a_market_by_another_clock_is_shifted(tmp_path):
    table = PriceTable(Prices(market=market(tmp_path, shift=2 * HOUR)))
    assert table.at(14.5 * HOUR)[1] == pytest.approx(0.11)


def test_a_plant_knows_what_energy_costs_now():
    hours = [0.1] * 12 + [0.4] * 12
    plant = Plant(quiet(start="2026-06-15T11:59:00", prices={"import_by_hour": hours}))
    plant.advance()
    assert (plant.import_price, plant.export_price) == (0.1, 0.08)
    for _ in range(61):
        plant.advance()
    assert plant.import_price == 0.4


def test_recorded_prices_are_read_in_place(monkeypatch):
    pytest.importorskip("pyarrow", reason="recordings need pyarrow")
    root = Path(os.environ.get(DATA_VARIABLE, Path(__file__).parents[4] / "shared" / "data"))
    if not (root / "prices").exists():
        pytest.skip("the recordings are not on this machine")
    monkeypatch.setenv(DATA_VARIABLE, str(root))
    recorded = {
        "source": "recorded",
        "path": "prices/nl_dayahead_hourly_2015_2025.parquet",
        "column": "price_EUR_MWh",
        "time": "time_utc",
        "scale": 0.001,
        "first_day": 3000,
    }
    table = PriceTable(Prices(market=recorded))
    prices = {table.at(hour * HOUR) for hour in range(72)}
    assert len(prices) > 24
    assert all(-0.6 < earned < 1.0 for _, earned in prices)


def test_a_market_without_its_column_is_refused_with_its_place(tmp_path):
    with pytest.raises(ConfigurationError) as refusal:
        PriceTable(Prices(market=market(tmp_path, column="usd")))
    assert refusal.value.findings[0].path == "plant.prices.market.column"

"""What a kilowatt-hour costs at each moment: constant, by the hour of the day, or after a market."""

import math
from bisect import bisect_right

import numpy as np

from evenload.simulate.settings import Prices, RecordedMarket
from evenload.simulate.traces.table import read_table

_DAY = 86400
_HOUR = 3600


class PriceTable:
    """The prices of one plant."""

    def __init__(self, prices: Prices) -> None:
        """Open a recording where there is one; raises ConfigurationError where it cannot be read."""
        self._prices = prices
        self._times: list[float] = []
        self._market: list[float] = []
        self._first = self._span = 0.0
        market = prices.market
        if market is None:
            return
        table = read_table(market, [market.column], place="plant.prices.market", key="column")
        known = ~np.isnan(table.columns[0])
        self._times = (table.times[known] + market.shift).tolist()
        self._market = (table.columns[0][known] * market.scale).tolist()
        self._first = market.first_day * _DAY if isinstance(market, RecordedMarket) else 0
        self._span = math.ceil((table.times[-1] + 1.0) / _DAY) * _DAY

    def at(self, moment: float) -> tuple[float, float]:
        """Return what import costs and export earns, `moment` seconds after the first midnight."""
        prices = self._prices
        market = prices.market
        if market is not None:
            price = self._of_market(moment)
            return (price + market.taxes) * (1.0 + market.vat), price - market.export_fee
        hour = int(moment % _DAY) // _HOUR
        paid, earned = prices.import_by_hour, prices.export_by_hour
        return (
            prices.import_price if paid is None else paid[hour],
            prices.export_price if earned is None else earned[hour],
        )

    def _of_market(self, moment: float) -> float:
        place = (self._first + moment) % self._span
        return self._market[max(0, bisect_right(self._times, place) - 1)]

"""What happens to a house by itself, second by second: household, sun, weather, prices, voltages."""

from evenload.model.site import Site
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import Plant
from evenload.simulate.traces.day import HouseDay, Traces
from evenload.simulate.traces.prices import PriceTable
from evenload.simulate.traces.weather import WeatherDay

_DAY = 86400


class Surroundings:
    """Everything that nobody manages; days are made when they begin."""

    def __init__(self, site: Site, settings: Plant, moment: Moment, *, needs_weather: bool) -> None:
        """Open recordings; raises ConfigurationError where one cannot be read.

        Voltages, weather and what follows the environment's clock are written into `moment`.
        """
        self.sunshine = 0.0
        """What the roof could deliver if nothing throttled it [W]."""
        self.import_price = 0.0
        """What energy from the grid costs now [currency/kWh]."""
        self.export_price = 0.0
        """What energy to the grid earns now [currency/kWh]."""
        self._moment = moment
        self._start = settings.start_second
        self._has_roof = settings.solar is not None
        self._needs_weather = needs_weather
        ratings = [site.fuse[phase] for phase in site.phases]
        self._traces = Traces(settings, site.phases, site.voltage, ratings)
        self._prices = PriceTable(settings.prices)
        self._house_day: HouseDay | None = None
        self._house_index: int = -1
        self._weather: WeatherDay | None = None
        self._weather_index: int = -1
        self._solar_day: list[float] = []
        self._solar_index: int = -1

    def advance(self) -> list[float]:
        """Return what the household draws on each phase this second [W]."""
        moment = self._moment
        day, second = divmod(self._start + moment.second, _DAY)
        if self._house_day is None or day != self._house_index:
            self._house_index = day
            self._house_day = self._traces.house_day(day)
        if second % 60 == 0 or moment.second == 0:
            minute = second // 60
            moment.voltages[:] = [voltages[minute] for voltages in self._house_day.voltages]
            self._look_outside()
            self.import_price, self.export_price = self._prices.at(moment.environment)
        if self._has_roof:
            self.sunshine = self._sun()
        return [powers[second] for powers in self._house_day.powers]

    def _look_outside(self) -> None:
        """Note the weather, where a device depends on it."""
        if not self._needs_weather:
            return
        moment = self._moment
        day, second = divmod(int(moment.environment), _DAY)
        if self._weather is None or day != self._weather_index:
            self._weather_index, self._weather = day, self._traces.weather_day(day)
        moment.outdoor_temperature = self._weather.temperatures[second // 60]
        moment.irradiance = self._weather.irradiances[second // 60]

    def _sun(self) -> float:
        """Return the production at this second of the environment's clock [W]."""
        day, second = divmod(int(self._moment.environment), _DAY)
        if day != self._solar_index:
            self._solar_index = day
            self._solar_day = self._traces.solar_day(day)
        return self._solar_day[second]

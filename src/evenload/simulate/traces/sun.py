"""What the sun gives a roof under a clear sky.

Position: declination and equation of time by J. W. Spencer, "Fourier series representation of the
position of the sun", Search 2 (1971) 172. Beam through a clear atmosphere of 23 km visibility: H. C.
Hottel, "A simple model for estimating the transmittance of direct solar radiation through clear
atmospheres", Solar Energy 18 (1976) 129, with his factors for mid-latitude summer; diffuse radiation
from it: B. Liu and R. Jordan, Solar Energy 4 (1960) 1. On the tilted roof diffuse light is taken as
isotropic, the ground reflects one fifth. Modules lose 0.4 % a kelvin above 25 degC and stand 0.028 K
above the air for each W/m2.
"""

import math

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import GeneratedSolar, Location

type Floats = NDArray[np.float64]

_SOLAR_CONSTANT = 1367.0
_ALBEDO = 0.2
_STANDARD_IRRADIANCE = 1000.0
_PER_KELVIN = 0.004
_MODULE_HEATING = 0.028
_MINUTES = np.arange(1441, dtype=np.float64)

# Hottel's three coefficients at sea level, times his factors for mid-latitude summer.
_BEAM_CLEAR = 0.97 * (0.4237 - 0.00821 * 6.0**2)
_BEAM_HAZE = 0.99 * (0.5055 + 0.00595 * 6.5**2)
_BEAM_DEPTH = 1.02 * (0.2711 + 0.01858 * 2.5**2)


def clear_sky(
    solar: GeneratedSolar, location: Location, day_of_year: int, air_temperature: float
) -> Floats:
    """Return the roof's power at each minute of a day under a clear sky [W], 1,441 values.

    `air_temperature` is the day's mean [degC]. The inverter's limit is not applied: clouds come first.
    """
    season = 2.0 * math.pi * (day_of_year - 1) / 365.0
    zenith_cosine, incidence_cosine = _angles(solar, location, season)
    irradiance = _irradiance(zenith_cosine, incidence_cosine, math.radians(solar.tilt), season)
    excess = air_temperature + _MODULE_HEATING * irradiance - 25.0
    efficiency = (1.0 - solar.losses) * (1.0 - _PER_KELVIN * excess)
    return solar.peak * irradiance / _STANDARD_IRRADIANCE * efficiency


def clear_horizontal(location: Location, day_of_year: int) -> Floats:
    """Return the irradiance on the horizontal at each minute of a clear day [W/m2], 1,441 values."""
    season = 2.0 * math.pi * (day_of_year - 1) / 365.0
    zenith_cosine, _ = _angles(GeneratedSolar(peak=1.0, tilt=0.0), location, season)
    return _irradiance(zenith_cosine, zenith_cosine, 0.0, season)


def _angles(solar: GeneratedSolar, location: Location, season: float) -> tuple[Floats, Floats]:
    """Return the cosines of the sun's zenith angle and of its incidence on the roof, each minute."""
    declination = (
        0.006918
        - 0.399912 * math.cos(season)
        + 0.070257 * math.sin(season)
        - 0.006758 * math.cos(2 * season)
        + 0.000907 * math.sin(2 * season)
        - 0.002697 * math.cos(3 * season)
        + 0.00148 * math.sin(3 * season)
    )
    equation_of_time = 229.18 * (
        0.000075
        + 0.001868 * math.cos(season)
        - 0.032077 * math.sin(season)
        - 0.014615 * math.cos(2 * season)
        - 0.040849 * math.sin(2 * season)
    )
    shift = equation_of_time + 4.0 * location.longitude - 60.0 * location.utc_offset
    hour_angle = np.radians((_MINUTES + shift) / 4.0 - 180.0)
    latitude = math.radians(location.latitude)
    # The sun's direction in a frame that points east, north and up.
    east = -math.cos(declination) * np.sin(hour_angle)
    north = math.sin(declination) * math.cos(latitude) - math.cos(declination) * math.sin(
        latitude
    ) * np.cos(hour_angle)
    up = math.sin(declination) * math.sin(latitude) + math.cos(declination) * math.cos(
        latitude
    ) * np.cos(hour_angle)
    tilt, azimuth = math.radians(solar.tilt), math.radians(solar.azimuth)
    incidence = (
        math.sin(tilt) * (math.sin(azimuth) * east + math.cos(azimuth) * north)
        + math.cos(tilt) * up
    )
    return up, incidence


def _irradiance(zenith: Floats, incidence: Floats, tilt: float, season: float) -> Floats:
    """Return the irradiance on the tilted roof [W/m2]."""
    day = zenith > 0.0
    height = np.where(day, zenith, 1.0)
    outside = _SOLAR_CONSTANT * (1.0 + 0.033 * math.cos(season))
    beam = _BEAM_CLEAR + _BEAM_HAZE * np.exp(-_BEAM_DEPTH / height)
    diffuse = (0.271 - 0.294 * beam) * outside * height
    horizontal = beam * outside * height + diffuse
    total = (
        beam * outside * np.maximum(incidence, 0.0)
        + diffuse * (1.0 + math.cos(tilt)) / 2.0
        + horizontal * _ALBEDO * (1.0 - math.cos(tilt)) / 2.0
    )
    return np.where(day, total, 0.0)

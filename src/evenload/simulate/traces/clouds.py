"""What clouds leave of a clear sky, second by second.

Sunshine under broken cloud has two states with sharp edges between them; how long each lasts spreads
over orders of magnitude (A. Skartveit and J. A. Olseth, "The probability density and autocorrelation
of short-term global and beam irradiance", Solar Energy 49 (1992) 477). So shade and sun alternate
here with log-normal durations, every cloud has a depth of its own, and sunshine beside a cloud is a
little brighter than a clear sky.

A shadow comes in two parts, for a cloud is thin at its rim and grows thicker for hundreds of metres
behind it, and light that is scattered sideways blurs what lies deeper (A. Marshak et al., "Radiative
smoothing in fractal clouds", J. Geophys. Res. 100 (1995) 26247):

- the *rim* takes at most a third of the power. It passes in ten seconds to a minute as a smooth step,
  the shape of measured transitions (K. Lappalainen and S. Valkealahti, "Recognition and modelling of
  irradiance transitions caused by moving clouds", Solar Energy 112 (2015) 55);
- the *core* leaves a share of what the rim lets through, and builds up over minutes.

So the steepest edge is done after ten seconds and hardly higher after sixty, as on recorded roofs.
The roof itself adds little: a shadow crosses 10 kWp in a second or two (J. Marcos et al., "From
irradiance to output power fluctuations: the PV plant as a low pass filter", Progress in Photovoltaics
19 (2011) 505), which is why all roofs here share their edges.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import Sky

type Floats = NDArray[np.float64]
type Lengths = NDArray[np.int64]

_SECONDS = 86400
_RIM = (0.1, 0.345)
"""What the weakest and the strongest rim take, unless the whole cloud takes less."""
_FASTEST_RIM = 11.0
"""The shortest time in which a rim passes [s].

The strongest rim under the highest sun then changes a roof of 10 kWp by 2.5 kW in 10 s, as much as the
steepest edge that was recorded.
"""
_TYPICAL_RIM, _RIM_SPREAD = 18.0, 0.6
"""Time in which half of all rims pass [s], and the standard deviation of its logarithm."""
_CORE = 420
"""Time in which a cloud's core builds up or dissolves [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Character:
    """How one kind of sky behaves."""

    sunny: float
    """Typical length of sunshine [s]."""
    shaded: float
    """Typical length of shade [s]."""
    depth: tuple[float, float]
    """What the thickest and the thinnest cloud leave of a clear sky."""


_CHARACTERS = {
    Sky.CLEAR: _Character(sunny=14400.0, shaded=40.0, depth=(0.75, 0.95)),
    Sky.BROKEN: _Character(sunny=240.0, shaded=180.0, depth=(0.3, 0.75)),
    Sky.OVERCAST: _Character(sunny=60.0, shaded=2400.0, depth=(0.12, 0.4)),
}
_SPREAD = 1.1
"""Standard deviation of the logarithm of durations."""
_BRIGHTER = 0.06
"""How much brighter than a clear sky sunshine between clouds is."""


def clearness(sky: Sky, chance: np.random.Generator) -> Floats:
    """Return for each second of a day the share of the clear sky's power that arrives."""
    if sky is Sky.MIXED:
        sky = chance.choice([Sky.CLEAR, Sky.BROKEN, Sky.OVERCAST], p=[0.3, 0.5, 0.2])
    character = _CHARACTERS[Sky(sky)]
    pairs = int(_SECONDS / (character.sunny + character.shaded)) + 50
    sunny = character.sunny * np.exp(chance.normal(0.0, _SPREAD, pairs))
    shaded = character.shaded * np.exp(chance.normal(0.0, _SPREAD, pairs))
    lengths = np.maximum(_in_turn(sunny, shaded), 1.0).astype(np.int64)
    brightness = _BRIGHTER if sky is Sky.BROKEN else 0.0
    sunshine = 1.0 + brightness * chance.random(pairs)
    shade = chance.uniform(*character.depth, pairs)
    behind_rim = np.maximum(shade, 1.0 - chance.uniform(*_RIM, pairs))
    cores = _blurred(_in_turn(sunshine, shade / behind_rim), lengths)
    return cores * _stepped(_in_turn(np.ones(pairs), behind_rim), lengths, chance)


def _in_turn(first: Floats, second: Floats) -> Floats:
    """Return one value of each in turn."""
    return np.column_stack([first, second]).ravel()


def _blurred(levels: Floats, lengths: Lengths) -> Floats:
    """Return by second what cores leave, each passing into the next over minutes."""
    sharp = np.resize(np.repeat(levels, lengths), _SECONDS + 2 * _CORE)
    window = np.hanning(_CORE + 2)[1:-1]
    smooth = np.asarray(np.convolve(sharp, window / window.sum(), mode="same"), dtype=np.float64)
    return smooth[_CORE : _CORE + _SECONDS]


def _stepped(levels: Floats, lengths: Lengths, chance: np.random.Generator) -> Floats:
    """Return by second what rims leave, each edge a smooth step of its own steepness."""
    crossings = _TYPICAL_RIM * np.exp(chance.normal(0.0, _RIM_SPREAD, lengths.size))
    crossings = np.maximum(crossings, _FASTEST_RIM)
    left = np.full(_SECONDS, levels[0])
    edges = zip(np.cumsum(lengths)[:-1], crossings, np.diff(levels), strict=False)
    for middle, crossing, step in edges:
        begin = max(0, math.ceil(middle - crossing / 2.0))
        end = max(0, math.ceil(middle + crossing / 2.0))
        seconds = np.arange(begin, min(end, _SECONDS))
        done = (seconds - middle) / crossing + 0.5
        left[begin:end] += step * (done - np.sin(2.0 * np.pi * done) / (2.0 * np.pi))
        left[end:] += step
    return left

"""What clouds leave of a clear sky, second by second.

Sunshine under broken cloud has two states with sharp edges between them; how long each lasts spreads
over orders of magnitude (A. Skartveit and J. A. Olseth, "The probability density and autocorrelation
of short-term global and beam irradiance", Solar Energy 49 (1992) 477). Here shade and sun alternate
with log-normal durations, every cloud has a depth of its own, an edge takes as long as a cloud needs
to cross the roof, and sunshine beside a cloud is a little brighter than a clear sky.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import Sky

type Floats = NDArray[np.float64]

_SECONDS = 86400
_EDGE = 48
"""How long a cloud's edge takes to cross the roof [s].

With the deepest cloud under the highest sun a roof of 10 kWp then changes by 2.6 kW in 10 s, as much as
the steepest edge that was recorded.
"""


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
    durations = np.empty(2 * pairs)
    durations[0::2] = character.sunny * np.exp(chance.normal(0.0, _SPREAD, pairs))
    durations[1::2] = character.shaded * np.exp(chance.normal(0.0, _SPREAD, pairs))
    shares = np.empty(2 * pairs)
    brightness = _BRIGHTER if sky is Sky.BROKEN else 0.0
    shares[0::2] = 1.0 + brightness * chance.random(pairs)
    shares[1::2] = chance.uniform(*character.depth, pairs)
    lengths = np.maximum(durations, 1.0).astype(np.int64)
    sharp = np.resize(np.repeat(shares, lengths), _SECONDS + 2 * _EDGE)
    window = np.hanning(_EDGE + 2)[1:-1]
    smooth = np.asarray(np.convolve(sharp, window / window.sum(), mode="same"), dtype=np.float64)
    return smooth[_EDGE : _EDGE + _SECONDS]

"""Which phases a load hangs on."""

from evenload.model.site import Leg, Phase


def phase_map_of(text: str) -> dict[Leg, Phase]:
    """Return the phase map that a text as `BCA` stands for: L1 on B, L2 on C, L3 on A."""
    return {leg: Phase(letter) for leg, letter in zip(Leg, text, strict=False)}

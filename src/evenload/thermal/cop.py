"""How much heat a heat pump makes of its electricity, where no heat meter says.

A share of what the best machine between two temperatures could make (S. Carnot): with kelvins,
COP = eta T_supply / (T_supply - T_source). The supply is warmer than what stores the heat by what its
heat exchanger needs, so storing more heat costs more for each unit of it, in plans too.
"""

KELVIN = 273.15
EFFICIENCY = 0.4
"""Eta of common machines."""
LIFT = {"room": 12.0, "tank": 6.0}
"""How much warmer the supply is than what is heated: floor heating, and a tank's coil [K]."""
LEAST, MOST = 1.0, 8.0
"""A resistor, and more than any machine reaches over a year."""


def carnot_cop(supply: float, source: float, efficiency: float = EFFICIENCY) -> float:
    """Return heat per electricity between a supply and a source [degC].

    >>> round(carnot_cop(35.0, 0.0), 2)
    3.52
    >>> round(carnot_cop(55.0, 0.0), 2)
    2.39
    """
    warm, lift = supply + KELVIN, supply - source
    if lift <= 0.0:
        return MOST
    return min(MOST, max(LEAST, efficiency * warm / lift))


def cop_while(stored: float, source: float, lift: float, efficiency: float = EFFICIENCY) -> float:
    """Return it while something of this temperature is heated [degC], the supply `lift` above it [K]."""
    return carnot_cop(stored + lift, source, efficiency)

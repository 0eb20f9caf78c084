"""What nobody can beat: the most that loads could have gained from the sun, and the least cost.

The whole day is known beforehand. A linear program with on/off decisions chooses when each load runs
and what it draws, in slots of a minute or more, and HiGHS solves it. What it promises:

- **It bounds.** Wherever the program differs from the house, it is kinder than the house: levels are
  continuous between minimum and maximum and may follow every second; least times count whole slots
  only, and in the slots in which a car starts or stops it may come and go at the best seconds; ramps,
  lags, fuses and what must be learnt cost nothing; a battery is free to be used in the best way. So
  whatever a strategy did that keeps to the same minimums, least times and number of starts is one of
  the program's choices, with at least its gain.
- **It is proven.** What is returned is HiGHS's own bound on the program (its dual bound), not the best
  plan found, so that a time limit loosens it and never makes it wrong.

`program` speaks to HiGHS, `running` has what binds a load over time, `gain` and `cost` what is sought,
`slots` turns seconds into slots, and `foresight` reads all of that out of a plant.
"""

from evenload.simulate.bound.cost import least_cost
from evenload.simulate.bound.foresight import Foresight, foresee
from evenload.simulate.bound.gain import most_solar_gain, net_solar_gain
from evenload.simulate.bound.load import BoundedLoad
from evenload.simulate.bound.program import Bound, BoundError

__all__ = [
    "Bound",
    "BoundError",
    "BoundedLoad",
    "Foresight",
    "foresee",
    "least_cost",
    "most_solar_gain",
    "net_solar_gain",
]

"""A loop in the style of evcc, from its published rules: 30 s, one load point a turn, gain 1.

- Every 30 s one load point has its turn, so that of N each is steered every N x 30 s; one whose car
  has just come, or whose mode was just changed, gets a turn of its own at once.
- Target current = the present one + (-site power) / (voltage x active phases). Site power is grid
  power plus battery power; charging of the battery counts as available only from its priority state
  of charge on, below which 100 W are kept for the grid. No deadband, no filter.
- Surplus for the minimum (for a plain switch: for its power) starts it after 1 min; too little holds
  it at the minimum and stops it after 3 min. `eco` is never below the minimum, `standard` always at
  the maximum.
- Chargers that can switch phases go to three when one phase at its maximum does not suffice and three
  have their minimum, for 1 min; to one when three lack their minimum, for 3 min; both at once while
  no car charges.
- Load management: a new current is at most the old one plus what the circuit's limit leaves beside
  the highest of the measured phases, from the load point to the root; below the minimum it stops.
  A meter that is silent for more than 60 s counts as full.
- A load point sees what those of lower priority take from the sun as available.

What differs: its optimiser, planner, and the reserve for load points about to start are left out.
Priorities and modes are Evenload's, eco being its mode for minimum and sun; the priority state of
charge is `soc_target`. `excess_threshold` is kept from loads in mode `excess` as residual power.
"""

from evenload.simulate.strategies.evcc_style.loop import EvccStyle

__all__ = ["EvccStyle"]

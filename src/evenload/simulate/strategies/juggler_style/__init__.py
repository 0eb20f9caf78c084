"""A loop in the style of Load Juggler, from its published rules: smoothed, ramped, every 15 s.

- Every 2 s all inputs pass an exponential average (0.3), and every load is allocated anew from them.
  Modes, priorities and per-phase limits are those of Evenload's own engine, which follows the same
  idea: what is compared is what happens over time.
- The permit of a car passes an average (0.3), a deadband of 0.3 A and a ramp of +0.1 and -0.2 A/s,
  also where a fuse is overloaded; from 0 it jumps to the full permit. From 16 A to a pause it takes 52 s.
- A load whose surplus is gone stays at its minimum for 5 min of grace; a limit ends that at once. A
  paused one stays so for 3 min. Switches have neither.
- A car that draws steadily (within 0.5 A for 3 cycles) and 1 A less than it may is settled: others get the rest.
- A meter that is not available is held for 60 s, then cars that charge go to their minimum. One that
  only repeats itself, or is silent without saying so, is trusted.
- Each load is told every 15 s, here only what is new.

Not included: finding phases and polarity, the reset of profiles that are not obeyed.
"""

from evenload.simulate.strategies.juggler_style.loop import JugglerStyle

__all__ = ["JugglerStyle"]

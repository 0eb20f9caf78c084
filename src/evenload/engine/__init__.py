"""Who gets how much now: a pure function of a site and one moment's readings.

No clock, no memory, no input or output. Everything that depends on time (ramps, delays, failsafe) is
the controller's, which prepares the readings and conditions the answer.

An allocation is a sequence of steps, each in a module of its own:

1. `wiring` (once for a site): the tree of circuits as flat lists. Each fuse and phase is a *row*;
   a load passes through the rows from its own circuit or charger up to the main fuse.
2. `claims`: each load is read. Either it is barred (off, disconnected, faulted, satisfied ...) and
   the reason is known at once, or it becomes a claim: a tier (its mode and need), a place in the
   order (tier, priority number, position), and `levels` under its ceiling.
   `flows`: what loads draw now is taken out of the meters, so that the answer does not depend on it.
3. `bases`: what flows in each row that is not for allocation. Rating less margin less base is the
   room of the row.
4. `battery` and `pools`: the watts that loads may take which must not use the grid freely. Sun less
   house, less what the battery takes first, or with what it gives.
5. `limits`, `special_limits`, `site_limits`: the rows, and whatever else bounds loads: import,
   dimming, unbalance, the inverter, active plugs. They answer: how much higher may this load go?
6. `ceilings`: the lower of what the limits leave and what is left of a load's pool.
7. `distribution`: who is served when, by one of four rules; `filling` raises a load alone or a group
   together, and `crowds` tells which of a group need watching on the way.
8. `reasons`: why each load has what it has, judged at the moment it was last considered.
"""

from evenload.engine.allocator import Allocator, allocate

__all__ = ["Allocator", "allocate"]

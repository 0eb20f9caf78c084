"""What Evenload would have done with a house's history, before it is let do anything ("shadow").

`history` streams rows out of an export of Home Assistant's history or out of its recorder's database,
which it opens read-only. `mapping` says which entity is which sensor of the site. `shadow` feeds
them, moment by moment, to the real controller in a dry run, and adds up what it said.

What cannot be known is how cars would have answered other setpoints: from the first moment on at which
Evenload would have told a car something else, the car's battery, and with it everything after, would
have been another. So shadow never imagines: in every moment the controller sees what really flowed
and what loads really drew, and says what it would have let them draw then and there. Delays before a
start, least times and ramps are left out, as in every dry run. What it says of fuses is exact, for
there the question is about the moment: was a phase too full, and which load would have made way?

A history holds changes only. A database says until when a value was reported; an export does not, so
there a value counts as reported again and again, until nothing at all is heard for `gap`.
"""

from evenload.simulate.replay.history import History
from evenload.simulate.replay.mapping import Mapping, read_mapping
from evenload.simulate.replay.opening import open_history
from evenload.simulate.replay.shadow import Shadow, shadow

__all__ = ["History", "Mapping", "Shadow", "open_history", "read_mapping", "shadow"]

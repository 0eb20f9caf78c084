"""The simulated house: physics and devices that report and obey as real ones do.

A `plant` advances in steps of one second. Its parts live in three places: `traces` says what the
household draws and the sun gives, `devices` holds everything that has a terminal (fuse, meter,
battery, cars behind chargers, tanks), and `plant` wires them together. What the devices report
becomes a `Snapshot`; what one of the `strategies` answers becomes commands to the devices. A strategy never
sees anything but reports, so that the controller under test is the one that runs in a real house.

`run` drives a plant and a strategy through days in as little time as the machine allows, `kpi` adds
up what happened, `record` and `report` draw it, and `house` lets the same plant run in real time
for others to connect to.

`compare` lets the same house live under several strategies, with the `bound` of what anybody could have
had beside them. `replay` gives the controller a real house's recorded history instead.
"""

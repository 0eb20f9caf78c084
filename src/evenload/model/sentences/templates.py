"""Every sentence, in English, with named placeholders: the one table that a translation replaces.

Keys are those of the closed lists (`Reason`, `SiteStatus`, `TroubleCode`), with a suffix where one
member is said in several ways. Placeholders are words already: names, amounts with units, durations.
"""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "off": "{load} gets nothing because its mode is off.",
    "not_connected.ev": "No car is connected to {load}.",
    "not_connected": "{load} is not connected.",
    "faulted": "{load} reports a fault.",
    "unresponsive": "{load} does not follow its commands; its full power stays reserved.",
    "satisfied": "{load} needs nothing more now.",
    "held": "{load} may for now not take as much as its minimum, {minimum}.",
    "full": "{load} gets all that it may take now, {amount}.",
    "battery_first": "There is surplus for {load}, but the battery charges first.",
    "below_excess_threshold": "{load} waits until surplus exceeds {threshold}, which stay with the grid.",
    "waiting_for_surplus": "{load} waits for more surplus; its minimum is {minimum}.",
    "outranked": "{by} leaves no room for the minimum of {load}, {minimum}.",
    "outranked.turn": "{load} and {by} take turns, and it is the turn of {by}.",
    "outranked.turn.timed": "{load} and {by} take turns; {load} comes in {remaining}.",
    "outranked.strict": "{load} waits until {by}, which comes before it, has all it wants.",
    "does_not_fit": "The minimum of {load}, {minimum}, does not fit: {limit}.",
    "limited": "{load} gets {amount}, and no more fits: {limit}.",
    "surplus": "{load} follows the surplus and gets {amount}.",
    "minimum": "{load} stays at its minimum, {amount}, until there is surplus for more.",
    "starting": "{load} starts once the meter shows that there is room.",
    "starting.timed": "{load} starts in {remaining} if the room for it lasts.",
    "starting.surplus": "{load} starts once the surplus has lasted long enough.",
    "starting.surplus.timed": "{load} starts in {remaining} if the surplus lasts.",
    "starting.more": "{load} has {amount} and may have more once the meter shows the last change.",
    "starting.more.timed": "{load} has {amount} and may have more in {remaining}.",
    "holding": "{load} stays at its minimum for a while, though surplus is short.",
    "holding.timed": "{load} stays at its minimum for {remaining} more, though surplus is short.",
    "resting": "{load} rests before it may start again.",
    "resting.timed": "{load} rests; it may start again in {remaining}.",
    "resting.starts_per_hour": "{load} was started often enough within an hour, and rests.",
    "resting.starts_per_hour.timed": "{load} was started often enough within an hour; it may start again in {remaining}.",
    "resting.starts_per_day": "{load} was started often enough within a day, and rests.",
    "resting.starts_per_day.timed": "{load} was started often enough within a day; it may start again in {remaining}.",
    "resting.starts_per_session.timed": "{load} was started often enough for one car for now; it may start again in {remaining}.",
    "resting.starts_per_session": "{load} was started often enough for one car; it may start again when the car was unplugged.",
    "resting.daily_commands": "{load} was told enough for a day; it has {amount} and is not raised for now.",
    "resting.daily_commands.timed": "{load} was told enough for a day; it has {amount} and is not raised for {remaining} more.",
    "unreachable": "{load} cannot be reached; what it was told last, {amount}, stays reserved.",
    "unreachable.off": "{load} cannot be reached.",
    "adopted": "{load} ran when Evenload started and is left as it is, {amount}, until the meter has reported twice.",
    "planned_later": "{load} is planned for later.",
    "planned_later.timed": "{load} is planned to start in {remaining}.",
    "overridden": "{load} was operated by hand and is left as it is.",
    "overridden.timed": "{load} was operated by hand and is left as it is for {remaining} more.",
    "failsafe": "The grid meter cannot be trusted, so {load} gets only what is safe without it, {amount}.",
    "failsafe.off": "The grid meter cannot be trusted, so {load} is off until it can.",
    "dry_run": "Nothing is commanded, this is a dry run. With control on: {wanted}",
    "dry_run.unknown": "Nothing is commanded to {load}, this is a dry run.",
}

NEEDS: Mapping[str, str] = {
    "below_floor": "{load} is below its floor and is heated to {amount}, from any source.",
    "disinfection": "{load} is heated through to {amount}, from any source.",
    "latest_start": "{load} must reach {amount} by {by}, from any source.",
    "latest_start.ev": "The car at {load} must get {amount} more by {by}, from any source.",
    "runtime_due": "{load} must run for {amount} more by {by}, from any source.",
    "above_target": "{load} is at its target and stores surplus, up to {amount}.",
    "at_boost": "{load} has {amount} and needs no more.",
    "runtime_met": "{load} has run for its {amount} of today.",
    "outside_window": "{load} may run again from {by} on.",
}
"""Of what a load needs by itself; the reason's sentence follows unless it is satisfied."""

STATUSES: Mapping[str, str] = {
    "failsafe": "The grid meter cannot be trusted; loads have only what is safe without it.",
    "waiting_for_meter": "Waiting for the grid meter to report twice; until then nothing is raised.",
    "overload": "More flows than the fuse permits; loads are being turned down.",
    "ok": "Everything is within its limits.",
}

TROUBLES: Mapping[str, str] = {
    "meter_silent": "Nothing is reported by {about}.",
    "meter_silent.timed": "Nothing has been reported for {elapsed} by {about}.",
    "meter_missing": "No value comes from {about}.",
    "meter_implausible": "A value that cannot be comes from {about}.",
    "meter_implausible.given": "A value that cannot be, {given}, comes from {about}.",
    "meter_reversed": "What loads draw makes {about} fall instead of rise: it counts the wrong way round. Turn its sensor, or invert it in the settings.",
    "meter_frozen": "The values of {about} stand still though loads changed.",
    "meter_quiet": "Only changes are reported by {about}, and none lately; a load is lowered a little to see whether it is alive.",
    "meter_quiet.timed": "Only changes are reported by {about}, and none for {elapsed}; a load is lowered a little to see whether it is alive.",
    "meter_still": "The values of {about} stand still for longer than they ever did; nothing is raised until they move.",
    "meter_still.timed": "The values of {about} have stood still for {elapsed}, longer than they ever did; nothing is raised until they move.",
    "meter_unsigned": "The current of {about} does not tell import from export; its power does.",
    "meter_refused": "The current of {about} does not tell import from export, so it is not used; give its power, too.",
    "phases_not_measured": "Only a total is known of {about}: the phases are not protected individually.",
    "neutral_overloaded": "The neutral conductor carries more than a phase of {about} may.",
    "neutral_overloaded.given": "The neutral conductor carries about {given} A, more than a phase of {about} may.",
    "clock_unknown": "The time of day is not known, so the limit on average import is kept in every window, not only in the meter's.",
    "battery_leak": "{about} draws on the battery though it may not. Another controller may be discharging it.",
    "battery_leak.timed": "{about} has drawn on the battery for {elapsed} though it may not. Another controller may be discharging it.",
    "battery_silent": "The battery does not report; it counts as below its target.",
    "battery_silent.timed": "The battery has not reported for {elapsed}; it counts as below its target.",
    "device_unavailable": "The device of {about} cannot be reached.",
    "device_unavailable.timed": "The device of {about} could not be reached for {elapsed}.",
    "device_disobeys": "{about} does not follow its commands; its full power stays reserved.",
}

LIMITS: Mapping[str, str] = {
    "main": "main fuse",
    "phase": "{holder}, phase {phase}",
    "active": "the number of plugs {holder} may use at once",
    "import": "import limit",
    "dimming": "the grid operator's limit",
    "unbalance": "difference between phases {first} and {second}",
    "inverter": "inverter",
    "grid": "the grid meter",
    "battery": "the battery",
    "meter": "the meter of {holder}",
}

OTHER_LOAD = "another load"
OTHER_LIMIT = "a limit"
"""For a reason that comes without what it names."""

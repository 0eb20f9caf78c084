"""What reasons, statuses and troubles mean, in sentences for people.

A `Message` is a template's key and its placeholders, so that another language only needs another
table (`templates`); `text` is the English sentence. Everything stands on the standard library.
"""

from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass

from evenload.model.allocation import Allocation, Reason
from evenload.model.decision import LoadDecision, SiteStatus, Trouble, TroubleCode
from evenload.model.need import effective_mode
from evenload.model.sentences.amounts import amount_of, duration, level, lowest_level, power
from evenload.model.sentences.limits import limit_name, meter_name
from evenload.model.sentences.needs import need_sentence, with_load
from evenload.model.sentences.templates import (
    OTHER_LIMIT,
    OTHER_LOAD,
    REASONS,
    STATUSES,
    TROUBLES,
)
from evenload.model.site import Distribution, Kind, Load, Mode, Site
from evenload.units import REPORTED_DECIMALS

__all__ = [
    "Message",
    "limit_name",
    "message",
    "sentence",
    "status_sentence",
    "trouble_message",
    "trouble_sentence",
]

type Outcome = Allocation | LoadDecision

METER_TROUBLES = frozenset(
    (
        TroubleCode.METER_SILENT,
        TroubleCode.METER_MISSING,
        TroubleCode.METER_IMPLAUSIBLE,
        TroubleCode.METER_FROZEN,
        TroubleCode.METER_REVERSED,
        TroubleCode.METER_QUIET,
        TroubleCode.METER_STILL,
        TroubleCode.METER_UNSIGNED,
        TroubleCode.METER_REFUSED,
        TroubleCode.PHASES_NOT_MEASURED,
    )
)
FOLLOWS_SURPLUS = frozenset((Mode.SOLAR, Mode.EXCESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sentence, before it is put into a language."""

    template: str
    """The key of its template."""
    placeholders: Mapping[str, str]
    """What the template names, in words."""
    text: str
    """In English."""


def sentence(site: Site, load_id: str, outcome: Outcome, *, now: float | None = None) -> str:
    """Return why a load has what it has.

    `outcome` is the engine's allocation or the controller's decision for it; with `now` (of the
    clock the decision's `until` is of) the sentence says how long. Raises KeyError when the site
    has no such load.
    """
    load = {each.id: each for each in site.all_loads}[load_id]
    need = outcome.need if isinstance(outcome, LoadDecision) else None
    own = None if need is None else need_sentence(site, load, need)
    if need is None or own is None:
        return message(site, load_id, outcome, now=now).text
    if Reason.SATISFIED in (outcome.reason, _wanted_reason(outcome)):
        return own
    served = replace(load, mode=effective_mode(load.mode, need.need))
    return f"{own} {message(with_load(site, served), load_id, outcome, now=now).text}"


def message(site: Site, load_id: str, outcome: Outcome, *, now: float | None = None) -> Message:
    """Return the same as `sentence`, with its template and placeholders."""
    load = {each.id: each for each in site.all_loads}[load_id]
    placeholders = {
        "load": site.name_of(load.id),
        "minimum": level(load, lowest_level(load)),
        "amount": amount_of(load, outcome),
        "threshold": power(site.excess_threshold),
    }
    by = outcome.by
    placeholders["by"] = OTHER_LOAD if by is None else site.name_of(by)
    placeholders["limit"] = OTHER_LIMIT if by is None else limit_name(site, by)
    remaining = _remaining(outcome, now)
    if remaining is not None:
        placeholders["remaining"] = duration(remaining)
    key = _variant(site, load, outcome, timed=remaining is not None)
    if key == Reason.DRY_RUN:
        placeholders["wanted"] = _wanted(site, load_id, outcome, now)
    return _message(REASONS, key, placeholders)


def status_sentence(status: SiteStatus) -> str:
    """Return how the site is doing."""
    return STATUSES[status]


def trouble_sentence(site: Site, trouble: Trouble, *, now: float | None = None) -> str:
    """Return what is wrong; with `now`, of the clock `trouble.since` is of, for how long."""
    return trouble_message(site, trouble, now=now).text


def trouble_message(site: Site, trouble: Trouble, *, now: float | None = None) -> Message:
    """Return the same as `trouble_sentence`, with its template and placeholders."""
    name = meter_name if trouble.code in METER_TROUBLES else limit_name
    placeholders = {"about": name(site, trouble.about)}
    variant = ""
    if now is not None:
        placeholders["elapsed"] = duration(now - trouble.since)
        variant = "timed"
    if trouble.given is not None:
        decimals = 1 if trouble.code is TroubleCode.NEUTRAL_OVERLOADED else REPORTED_DECIMALS
        placeholders["given"] = f"{round(trouble.given, decimals):g}"
        variant = "given" if f"{trouble.code}.given" in TROUBLES else variant
    key = f"{trouble.code}.{variant}"
    return _message(TROUBLES, key if key in TROUBLES else trouble.code, placeholders)


def _message(templates: Mapping[str, str], key: str, placeholders: Mapping[str, str]) -> Message:
    text = templates[key].format_map(placeholders)
    return Message(template=key, placeholders=placeholders, text=f"{text[:1].upper()}{text[1:]}")


def _remaining(outcome: Outcome, now: float | None) -> float | None:
    until = outcome.until if isinstance(outcome, LoadDecision) else None
    return None if until is None or now is None else max(0.0, until - now)


def _variant(site: Site, load: Load, outcome: Outcome, *, timed: bool) -> str:
    match outcome.reason:
        case Reason.NOT_CONNECTED if load.kind is Kind.EV:
            return "not_connected.ev"
        case Reason.OUTRANKED if _takes_turns(site, load, outcome):
            key = "outranked.turn"
        case Reason.OUTRANKED if site.distribution is Distribution.STRICT:
            return "outranked.strict"
        case Reason.RESTING if f"resting.{outcome.by}" in REASONS:
            key = f"resting.{outcome.by}"
        case Reason.FAILSAFE | Reason.UNREACHABLE if outcome.power <= 0:
            return f"{outcome.reason}.off"
        case Reason.DRY_RUN if _wanted_reason(outcome) is None:
            return "dry_run.unknown"
        case Reason.STARTING if outcome.power > 0:
            key = "starting.more"
        case Reason.STARTING if load.mode in FOLLOWS_SURPLUS or not site.grid_import_allowed:
            key = "starting.surplus"
        case reason:
            key = reason.value
    return f"{key}.timed" if timed and f"{key}.timed" in REASONS else key


def _takes_turns(site: Site, load: Load, outcome: Outcome) -> bool:
    """Return whether it is a load of the same mode and priority number that is in the way.

    The engine alone, whose outcome is an allocation, knows no turns.
    """
    return isinstance(outcome, LoadDecision) and any(
        other.id == outcome.by and (other.mode, other.priority) == (load.mode, load.priority)
        for other in site.all_loads
    )


def _wanted_reason(outcome: Outcome) -> Reason | None:
    wanted = outcome.wanted if isinstance(outcome, LoadDecision) else None
    return None if wanted is Reason.DRY_RUN else wanted


def _wanted(site: Site, load_id: str, outcome: Outcome, now: float | None) -> str:
    wanted = _wanted_reason(outcome)
    if wanted is None:
        return ""
    return sentence(site, load_id, replace(outcome, reason=wanted), now=now)

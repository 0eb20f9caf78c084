"""What a load needs by itself, in words."""

from dataclasses import replace

from evenload.model.need import NeedNow, NeedReason
from evenload.model.sentences.amounts import duration
from evenload.model.sentences.templates import NEEDS
from evenload.model.site import Kind, Load, Site

_TEMPERATURES = frozenset(
    (
        NeedReason.BELOW_FLOOR,
        NeedReason.DISINFECTION,
        NeedReason.ABOVE_TARGET,
        NeedReason.AT_BOOST,
    )
)


def need_sentence(site: Site, load: Load, need: NeedNow) -> str | None:
    """Return what a load needs beyond what its mode gives it; None where there is nothing to say."""
    if need.why is None or need.why is NeedReason.BELOW_TARGET:
        return None
    is_car = load.kind is Kind.EV
    key = f"{need.why}.ev" if is_car and f"{need.why}.ev" in NEEDS else need.why.value
    amount = 0.0 if need.amount is None else need.amount
    text = NEEDS[key].format(
        load=site.name_of(load.id),
        amount=_amount(need.why, amount, is_car=is_car),
        by="" if need.by is None else time_of_day(need.by),
    )
    return f"{text[:1].upper()}{text[1:]}"


def with_load(site: Site, load: Load) -> Site:
    """Return the site with `load` in the place of the one that has its id."""
    return replace(
        site,
        chargers=tuple(
            replace(charger, plugs=tuple(load if p.id == load.id else p for p in charger.plugs))
            for charger in site.chargers
        ),
        loads=tuple(load if each.id == load.id else each for each in site.loads),
    )


def time_of_day(seconds: float) -> str:
    """Return a time of day [s after midnight] as clocks show it: `18:00`."""
    minutes = int(seconds // 60.0) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _amount(why: NeedReason, amount: float, *, is_car: bool) -> str:
    if why in _TEMPERATURES or (why is NeedReason.LATEST_START and not is_car):
        return f"{round(amount, 1):g} °C"
    if why is NeedReason.LATEST_START:
        return f"{amount / 1000.0:.1f} kWh"
    return duration(amount)

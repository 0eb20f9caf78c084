"""The same seeded house under several strategies, side by side, and what nobody can beat.

Every strategy lives through the same household, sun, trips and noise; they run in processes of their
own, a few at once.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from typing import cast

from evenload.simulate.bound import (
    Bound,
    BoundError,
    Foresight,
    foresee,
    least_cost,
    most_solar_gain,
)
from evenload.simulate.plant import House, Plant
from evenload.simulate.run import run
from evenload.simulate.strategies import STRATEGIES

type Figures = Mapping[str, object]

_POLL = 0.3
"""How often progress is told while processes work [s]."""
_passed: list[SynchronizedArray[int]] = []
"""In a working process: where it says how many seconds of each run have passed; one array."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is known of one run at its end."""

    result: Figures
    stored: float
    """What the battery holds above its lowest state of charge [Wh]."""
    is_dark: bool
    """Whether the house, or a circuit of it, has lost its power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """What came of one strategy."""

    name: str
    result: Figures
    """As `evenload simulate --json` prints it."""
    least_cost: float | None
    """The least cost of giving its loads what they got [currency].

    None: not asked for, off the grid, or its house went dark and paid nothing from then on.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of all."""

    contenders: tuple[Contender, ...]
    """In the order they were asked for."""
    most_gain: Bound | None
    """Net solar gain that no strategy can have more of [Wh]; None: not asked for, or see `troubles`."""
    troubles: tuple[str, ...] = ()
    """Where and how HiGHS came to no bound."""


def compare(
    house: House,
    names: Sequence[str],
    *,
    seconds: int,
    bound: bool = False,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Return what comes of `house` under each of the strategies `names` names, in `jobs` processes.

    `progress` is told how many seconds of runs have passed in all.
    """
    lives = _live_all(house, names, seconds=seconds, jobs=jobs, progress=progress)
    if not bound:
        contenders = [
            Contender(name=name, result=lived.result, least_cost=None)
            for name, lived in zip(names, lives, strict=True)
        ]
        return Comparison(contenders=tuple(contenders), most_gain=None)
    foresight = foresee(house, seconds=seconds)
    troubles: list[str] = []
    most_gain = _bounded(troubles, lambda: _most_gain(foresight))
    return Comparison(
        contenders=tuple(
            Contender(
                name=name,
                result=lived.result,
                least_cost=None
                if lived.is_dark or house.site.off_grid
                else _bounded(troubles, lambda lived=lived: _least_cost(foresight, lived)),
            )
            for name, lived in zip(names, lives, strict=True)
        ),
        most_gain=most_gain,
        troubles=tuple(troubles),
    )


def _most_gain(foresight: Foresight) -> Bound:
    return most_solar_gain(
        foresight.surplus, foresight.loads, slot=foresight.slot, store=foresight.store
    )


def _least_cost(foresight: Foresight, lived: Life) -> float:
    return least_cost(foresight, energies(lived.result), stored=lived.stored)


def _bounded[Value](troubles: list[str], solve: Callable[[], Value]) -> Value | None:
    """Return what is solved; None where HiGHS came to no bound, which is added to `troubles`."""
    try:
        return solve()
    except BoundError as error:
        troubles.append(str(error))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One strategy in a line."""

    trips: int
    """Of fuses, which the same house without managed loads does not have."""
    overload_seconds: int
    """How long a phase was above its rating [s]."""
    surplus_used: float | None
    """Share of the surplus that loads could have taken; None: there was none."""
    net_solar_gain: float
    """Solar energy into loads less the grid energy they caused [kWh]."""
    served: float | None
    """What cars got of what they could have taken, the mean over cars; None: there is no car."""
    starts: int
    """Of all loads."""
    imported: float
    """[kWh]"""
    cost: float
    """Export deducted [currency]."""
    commands: int


def summary(result: Figures) -> Summary:
    """Return a run's result in a line."""
    fuse, energy, cost, control = (
        cast("Mapping[str, float]", result[key]) for key in ("fuse", "energy", "cost", "control")
    )
    loads = tuple(cast("Mapping[str, Mapping[str, float]]", result["loads"]).values())
    served = [load["served"] for load in loads if "served" in load]
    return Summary(
        trips=int(fuse["trips_by_us"]),
        overload_seconds=int(fuse["overload_seconds"]),
        surplus_used=energy["surplus_used"],
        net_solar_gain=round(sum(load["net_solar_gain_kwh"] for load in loads), 2),
        served=round(sum(served) / len(served), 3) if served else None,
        starts=int(sum(load["starts"] for load in loads)),
        imported=energy["import_kwh"],
        cost=cost["net"],
        commands=int(control["commands"]),
    )


def energies(result: Figures) -> list[float]:
    """Return what each load got [Wh], less what rounding may have added."""
    loads = cast("Mapping[str, Mapping[str, float]]", result["loads"])
    return [max(0.0, 1000.0 * load["energy_kwh"] - 5.0) for load in loads.values()]


def _live_all(
    house: House,
    names: Sequence[str],
    *,
    seconds: int,
    jobs: int,
    progress: Callable[[int], None] | None,
) -> list[Life]:
    """Return what is known of each strategy's run at its end."""
    if jobs == 1:
        return [
            _live(house, name, seconds, _after(progress, place * seconds))
            for place, name in enumerate(names)
        ]
    context = get_context("spawn")
    passed = context.Array("q", len(names))
    with ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(passed,)
    ) as pool:
        futures = [
            pool.submit(_live_apart, house, name, seconds, place)
            for place, name in enumerate(names)
        ]
        pending: set[Future[Life]] = set(futures)
        while pending:
            _, pending = wait(pending, timeout=_POLL, return_when=FIRST_COMPLETED)
            if progress is not None:
                progress(sum(passed[place] for place in range(len(names))))
        return [future.result() for future in futures]


def _begin(passed: SynchronizedArray[int]) -> None:
    """Prepare a working process."""
    _passed.append(passed)


def _live_apart(house: House, name: str, seconds: int, place: int) -> Life:
    """Live through the house in a working process, and say how far it is at its place."""

    def tell(second: int) -> None:
        _passed[0][place] = second

    return _live(house, name, seconds, tell)


def _after(progress: Callable[[int], None] | None, before: int) -> Callable[[int], None]:
    """Return what tells `progress` of a run that begins when `before` seconds of others have passed."""

    def tell(second: int) -> None:
        if progress is not None:
            progress(before + second)

    return tell


def _live(house: House, name: str, seconds: int, tell: Callable[[int], None]) -> Life:
    """Live through the house under one strategy."""
    outcome = run(Plant(house), STRATEGIES[name](), seconds=seconds, progress=tell)
    tell(seconds)
    plant = outcome.plant
    battery, part, site = plant.connection.battery, house.plant.battery, house.site.battery
    stored = 0.0
    if battery is not None and part is not None and site is not None:
        stored = max(0.0, battery.soc - site.soc_min) / 100.0 * part.capacity
    fuse = cast("Mapping[str, int]", outcome.result["fuse"])
    return Life(result=outcome.result, stored=stored, is_dark=plant.dark or fuse["trips"] > 0)

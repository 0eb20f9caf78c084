"""How soon the wiring is found, and how often wrongly: tables of seeded trials on recorded houses.

    EVENLOAD_DATA=... python bench/detection.py [--trials N] [--days N] [--short N] [--jobs N] [--out DIR]

Each trial is a car at a charger in a recorded household, of several houses and days, with a meter that
reports every 1 to 10 s and lags up to 10 s, and a charger that reports 1 to 15 s late; the meter's
phases are mixed up in most trials, and some of its transformers are backwards. The real controller
follows sun and fuse by that very meter for four hours, in which the car comes and goes twice.

- *map*: trials by the number of legs that the car draws on, as they are and with the meter's lag
  doubled, beside the baseline (`detection_baseline`) on the same recordings.
- *not behind this meter*: days of ten hours in which the meter does not contain the car; the
  controller follows it all the same, so that each of its steps is caused by what the meter shows.
  *causes not known* is the estimator that is not told which steps those are, the control.
  *others' steps* feeds these days the chargers of others, whose steps nothing in them caused, until
  there are as many as were asked for.
- *one start, one stop*: one of three transformers is backwards; a step of more than 6 A.
- *calibration*: a car on one leg, a transformer backwards.

Recordings are kept in --out, by the code that made them, and are not made again; --jobs 0 makes
none. The exit status is 1 when more than one verdict in a thousand is wrong, as the estimator is
used; the rows with the lag doubled are the control, and say what becomes of it.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from detection_baseline import Points, count_points
from detection_open import Open, calibrate, start_and_stop
from detection_trials import CAR, LEGS, PHASES, Record, Trial, recording
from rich.console import Console
from rich.table import Table

import evenload
from evenload.detect import DetectorState, Observation, Verdicts, step
from evenload.detect.calibration import CalibrationResult, Inconclusive
from evenload.detect.nouns import LoadReport

NOMINAL = 230.0
HOURS, DAY = 4.0, 10.0
APART = 1_000_000
"""Seeds of cars with another number of legs are so far apart."""
MADE_BY = ("controller", "engine", "model", "simulate")
ALLOWED = 1e-3
"""So many verdicts may be wrong, as a share of the trials."""
SURE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one trial came to."""

    wrong_map: bool = False
    wrong_sign: bool = False
    elsewhere: bool = False
    """Whether the load was told not to be behind this meter."""
    second: int | None = None
    """When every leg that draws was known."""
    steps: int | None = None
    """How many steps had said anything by then."""
    all_steps: int | None = None
    """How many there had been."""


def verdicts_of(
    records: Sequence[Record], legs: int, *, knows_causes: bool
) -> Iterable[tuple[int, Verdicts, int]]:
    """Yield each new state of knowledge: second, verdicts, number of steps so far."""
    names = LEGS[:1] if legs == 1 else LEGS
    state, last, steps = DetectorState(), None, 0
    meter: tuple[float, ...] | None = None
    meter_at = solar = battery = 0.0
    reports: dict[str, LoadReport] = {}
    for second, row, car, sun, store, told in records:
        if row:
            meter_at, meter = row[0], tuple(row[1:])
        if car and car[4] is not None:
            reports = {CAR: LoadReport(at=car[4], currents=tuple(car[1 : 1 + len(names)]))}
        solar = sun[1] / NOMINAL if sun else solar
        battery = store[1] / NOMINAL if store else battery
        seen = Observation(
            phases=PHASES,
            legs={CAR: names},
            meter=meter,
            meter_at=meter_at,
            reports=reports,
            orders={CAR: told[-1]} if told and knows_causes else {},
            solar_current=solar,
            battery_current=battery,
        )
        state, verdicts = step(state, seen, float(second))
        if verdicts is not last:
            steps += last is not None
            last = verdicts
            yield second, verdicts, steps


def judge(trial: Trial, records: Sequence[Record], *, knows_causes: bool = True) -> Found:
    """Return what the estimator makes of a trial, told or not told which commands there were."""
    turned = {trial.wiring.swap[phase] for phase in trial.wiring.turned}
    found: dict[str, object] = {}
    wrong_map = wrong_sign = elsewhere = False
    for second, verdicts, steps in verdicts_of(records, trial.legs, knows_causes=knows_causes):
        wrong_sign |= any(
            each.is_reversed is not None and (each.is_reversed != (phase in turned) or not trial.behind)
            for phase, each in verdicts.polarity.items()
        )  # fmt: skip
        load = verdicts.loads.get(CAR)
        if load is None:
            continue
        elsewhere |= load.is_elsewhere
        wrong_map |= any(
            not trial.behind or trial.truth.get(leg, (None, 0))[0] is not phase
            for leg, phase in (load.phases or {}).items()
        )
        if not found and load.phases is not None and len(load.phases) == trial.legs:
            found = {"second": second, "steps": load.steps, "all_steps": steps}
    wrong_map |= elsewhere and trial.behind
    return Found(wrong_map=wrong_map, wrong_sign=wrong_sign, elsewhere=elsewhere, **found)


def judge_points(trial: Trial, records: Sequence[Record]) -> Found:
    """Return what the baseline makes of a trial."""
    points: Points = count_points(records, trial.legs)
    wrong = any(
        not trial.behind or trial.truth[leg][0] is not phase
        for leg, (phase, _, _) in points.told.items()
    )
    has_turned = any(sign < 0 for _, sign in trial.truth.values())
    wrong_sign = points.reversed_at is not None and (not trial.behind or not has_turned)
    if len(points.told) < trial.legs:
        return Found(wrong_map=wrong, wrong_sign=wrong_sign)
    _, second, steps = max(points.told.values(), key=lambda each: each[1])
    return Found(
        wrong_map=wrong, wrong_sign=wrong_sign, second=second, steps=steps, all_steps=steps
    )


type Judged = tuple[Found, Found, Found | None]
"""What the estimator, the baseline, and the estimator that is not told the causes make of a recording."""


def one(trial: Trial, folder: Path, *, record: bool) -> Judged | None:
    """Return what is made of a trial; None: it is not recorded."""
    if not record and not (folder / f"{trial.name}.json.gz").exists():
        return None
    return _judged(trial, recording(trial, folder))


def _judged(trial: Trial, records: Sequence[Record]) -> Judged:
    blind = None if trial.behind else judge(trial, records, knows_causes=False)
    return judge(trial, records), judge_points(trial, records), blind


def crossed(pair: tuple[Trial, Trial], folder: Path) -> Judged | None:
    """Return what is made of one day's meter with another day's charger."""
    if not all((folder / f"{trial.name}.json.gz").exists() for trial in pair):
        return None
    meter, charger = (recording(trial, folder) for trial in pair)
    mixed = _mixed(meter, charger)
    return judge(pair[1], mixed), judge_points(pair[1], mixed), None


def _mixed(meter: Sequence[Record], charger: Sequence[Record]) -> list[Record]:
    """Return a recording with the meter, sun and battery of one and the charger of another.

    Its commands stay away: nothing that this meter showed has driven them.
    """
    seconds: dict[int, Record] = {
        record[0]: [record[0], record[1], None, record[3], record[4], None] for record in meter
    }
    for record in charger:
        if record[2] is not None:
            into = seconds.setdefault(record[0], [record[0], None, None, None, None, None])
            into[2] = record[2]
    return [seconds[second] for second in sorted(seconds)]


def trials(kind: str, count: int, **settings: object) -> list[Trial]:
    """Return the trials of one kind, cars with one, two and three legs in turn."""
    return [
        Trial(
            name=f"{kind}/{legs}/{legs * APART + index}",
            seed=legs * APART + index,
            legs=legs,
            **{"hours": HOURS, **settings},
        )
        for index in range((count + 2) // 3)
        for legs in (1, 2, 3)
    ]


def made_by() -> str:
    """Return a digest of what decides how a trial is lived through."""
    digest = hashlib.sha256()
    package = Path(evenload.__file__).parent
    for name in MADE_BY:
        for path in sorted((package / name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def each_of[Item, Result](
    work: Callable[[Item], Result | None], items: Sequence[Item], jobs: int
) -> list[tuple[Item, Result]]:
    """Return what was made of every item that anything could be made of."""
    if jobs <= 1:
        results = [work(item) for item in items]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            results = list(pool.map(work, items, chunksize=4))
    return [(item, made) for item, made in zip(items, results, strict=True) if made is not None]


def map_row(table: Table, title: str, found: Sequence[Found]) -> None:
    """Add one row about trials in which the meter shows the car."""
    told = [each for each in found if each.second is not None]
    table.add_row(
        title,
        str(len(found)),
        str(len(told)),
        str(sum(each.wrong_map for each in found)),
        str(sum(each.wrong_sign for each in found)),
        *(
            f"{median(values):.0f}" if values else "-"
            for values in (
                [each.steps for each in told if each.steps is not None],
                [each.all_steps for each in told if each.all_steps is not None],
                [each.second / 60.0 for each in told if each.second is not None],
            )
        ),
    )


def maps(console: Console, count: int, folder: Path, jobs: int) -> bool:
    """Print the table of maps; return whether few enough are wrong."""
    heads = ("", "trials", "known", "wrong map", "wrong sign", "steps", "of all", "minutes")
    table = Table(*heads, title="map", title_justify="left")
    wrong = total = 0
    for kind, factor, share in (("main", 1, 1), ("lag2", 2, 4)):
        chosen = trials(kind, count // share, lag_factor=factor)
        work = partial(one, folder=folder, record=jobs > 0)
        done = each_of(work, chosen, max(1, jobs))
        for legs in (1, 2, 3):
            mine = [judged for trial, judged in done if trial.legs == legs]
            title = f"{legs} leg{'s' if legs > 1 else ''}{', lag doubled' if factor > 1 else ''}"
            map_row(table, title, [own for own, _, _ in mine])
            map_row(table, "   baseline", [points for _, points, _ in mine])
            if factor == 1:
                wrong += sum(own.wrong_map or own.wrong_sign for own, _, _ in mine)
                total += len(mine)
    console.print(table)
    return wrong <= ALLOWED * total


def elsewhere(console: Console, count: int, folder: Path, jobs: int) -> bool:
    """Print the table of cars that the meter does not contain; return whether few enough are wrong."""
    heads = ("not behind this meter", "days", "told so", "wrong", "baseline", "causes not known")
    table = Table(*heads)
    days = trials("away", count, hours=DAY, behind=False)
    done = each_of(partial(one, folder=folder, record=jobs > 0), days, max(1, jobs))
    there = [trial for trial, _ in done]
    pairs = [
        (meter, there[(index + shift) % len(there)])
        for shift in range(1, min(len(there), -(-count // max(1, len(there))) + 1))
        for index, meter in enumerate(there)
    ]
    mixed = each_of(partial(crossed, folder=folder), pairs, max(1, jobs))
    wrong = total = 0
    for title, found in (
        ("own controller", [judged for _, judged in done]),
        ("others' steps", [judged for _, judged in mixed]),
    ):
        bad = [
            sum(each is not None and (each.wrong_map or each.wrong_sign) for each in made)
            for made in zip(*found, strict=True)
        ]
        wrong, total = wrong + sum(bad[:1]), total + len(found)
        told = sum(own.elsewhere for own, _, _ in found)
        table.add_row(title, *map(str, (len(found), told, *bad)))
    console.print(table)
    return wrong <= ALLOWED * total


def starts(console: Console, count: int, jobs: int) -> bool:
    """Print what one start and one stop tell of a transformer; return whether that is enough."""
    chosen = [Open(seed=6 * APART + index, legs=3) for index in range(count)]
    done = each_of(start_and_stop, chosen, max(1, jobs))
    found = sure = wrong = 0
    for trial, (verdicts, _) in done:
        names = {trial.trial.wiring.swap[phase] for phase in trial.turned}
        turned = [verdicts.polarity[phase] for phase in names if phase in verdicts.polarity]
        sure += bool(turned) and all(each.confidence > SURE for each in turned)
        found += bool(turned) and all(each.is_reversed is True for each in turned)
        wrong += any(
            each.is_reversed is not None and each.is_reversed != (phase in names)
            for phase, each in verdicts.polarity.items()
        )
    table = Table("one start, one stop", "trials", "above 99.9 %", "told", "wrong")
    table.add_row("three legs, one reversed", *map(str, (len(done), sure, found, wrong)))
    console.print(table)
    return sure >= 0.99 * len(done) and wrong <= ALLOWED * len(done)


def calibrations(console: Console, count: int, jobs: int) -> bool:
    """Print what calibrations found; return whether that is good enough."""
    table = Table("calibration", "trials", "right", "inconclusive", "wrong")
    good = True
    for title, legs, battery, number in (
        ("one leg", 1, False, count),
        ("two legs", 2, False, count // 5),
        ("one leg, a battery answers", 1, True, count // 5),
    ):
        chosen = [
            Open(seed=5 * APART + index, legs=legs, battery=battery) for index in range(number)
        ]
        verdicts = [
            _verdict(trial, made) for trial, made in each_of(calibrate, chosen, max(1, jobs))
        ]
        counts = [verdicts.count(each) for each in ("right", "inconclusive", "wrong")]
        table.add_row(title, str(len(verdicts)), *map(str, counts))
        good = good and counts[2] == 0
        if legs == 1 and not battery:
            good = good and counts[0] >= (1.0 - ALLOWED) * len(verdicts)
    console.print(table)
    return good


def _verdict(trial: Open, made: CalibrationResult | Inconclusive) -> str:
    if isinstance(made, Inconclusive):
        return "inconclusive"
    swap = trial.trial.wiring.swap
    # The leg of the plug that this car does not use hangs somewhere, too.
    truth = {leg: swap[phase] for leg, phase in zip(LEGS, PHASES, strict=True)}
    turned = {swap[phase] for phase in trial.turned}
    wrong = (
        made.reason is Inconclusive.NOT_SHOWN
        or any(truth[leg] is not phase for leg, phase in made.phases.items())
        or any(each != (phase in turned) for phase, each in made.is_reversed.items())
    )
    return "wrong" if wrong else "right" if made.phases else "inconclusive"


def main() -> int:
    """Print the tables; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=1200, help="of the first table")
    parser.add_argument("--days", type=int, default=1000, help="of the second")
    parser.add_argument("--short", type=int, default=1000, help="of the third and fourth")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/detection"))
    parser.add_argument("--recordings", type=Path, help="of another version of the code")
    options = parser.parse_args()
    console = Console(width=120)
    folder = options.recordings or options.out / made_by()
    good = [
        not options.trials or maps(console, options.trials, folder, options.jobs),
        not options.days or elsewhere(console, options.days, folder, options.jobs),
        not options.short or starts(console, options.short, options.jobs),
        not options.short or calibrations(console, options.short, options.jobs),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

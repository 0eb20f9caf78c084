"""Write docs/reference/scenarios.md: what the engine does in every scenario of the tests, and why.

    uv run python -m scripts.scenario_docs

A test holds the page to the scenarios and to the engine.
"""

from itertools import groupby
from pathlib import Path

from evenload.engine import allocate
from evenload.model.sentences import sentence
from evenload.units import reported
from tests.scenarios.scenario import Scenario, all_scenarios

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "scenarios.md"

INTRODUCTION = """\
# Scenarios: what Evenload gives to whom, case by case

Each of these is a file under `tests/scenarios/engine/`: a small site at one moment, what every load gets there, and why it
should. The tests run all of them. To try one yourself, take it without its `title`, `why` and `expect` and give it to
`evenload allocate`; [the site file](site-file.md) tells what its keys mean, [Who gets how much](../explanation/engine.md)
tells the rules behind the outcomes.

This page is written by `scripts/scenario_docs.py` from the files, with what the engine answers.
"""

FEATURES = {
    "fuse": "The main fuse",
    "circuits": "Circuits behind it",
    "chargers": "Chargers with several plugs",
    "import": "A limit on import",
    "unbalance": "A limit on unbalance between phases",
    "dimming": "A grid operator's dimming signal",
    "modes": "Modes",
    "pools": "What counts as surplus",
    "battery": "The battery",
    "off-grid": "Off the grid",
    "distributions": "Distributions and priorities",
    "needs": "Needs",
    "ceilings": "Ceilings",
    "states": "States of a load",
    "legs": "Legs of a car",
    "levels": "Levels",
    "reasons": "Reasons",
    "house": "A whole house",
}
"""Folders of scenarios in the order of the page, each with its heading."""


def page() -> str:
    """Return the whole page; raises LookupError for a folder that has no heading."""
    by_feature = {
        feature: list(scenarios)
        for feature, scenarios in groupby(all_scenarios(), key=lambda scenario: scenario.feature)
    }
    left_out = by_feature.keys() ^ FEATURES.keys()
    if left_out:
        raise LookupError(f"headings and folders differ in {', '.join(sorted(left_out))}")
    sections = (section(title, by_feature[feature]) for feature, title in FEATURES.items())
    return INTRODUCTION + "".join(sections)


def section(title: str, scenarios: list[Scenario]) -> str:
    """Return one feature's scenarios under its heading."""
    return f"\n## {title}\n" + "".join(map(entry, scenarios))


def entry(scenario: Scenario) -> str:
    """Return one scenario: what is the case, and a table of what its loads get."""
    allocations = allocate(scenario.site, scenario.readings)
    rows = "".join(
        f"| {load} | {reported(allocation.current):g} A | {reported(allocation.power):g} W "
        f"| {sentence(scenario.site, load, allocation)} |\n"
        for load, allocation in allocations.loads.items()
    )
    path = scenario.path.relative_to(ROOT).as_posix()
    head = "| load | current per leg | power | why |\n|---|---|---|---|\n"
    return f"\n### {scenario.title}\n\n{scenario.why}\n\n{head}{rows}\n[The file](../../{path})\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""The page of scenarios says what the scenarios and the engine say now."""

from scripts.scenario_docs import PAGE, entry, page
from tests.scenarios.scenario import all_scenarios


def test_the_page_is_up_to_date() -> None:
    """Where this fails, run `python -m scripts.scenario_docs`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_scenario_is_on_the_page_with_each_of_its_loads() -> None:
    whole = page()
    for scenario in all_scenarios():
        assert entry(scenario) in whole
        assert all(f"| {load} | " in entry(scenario) for load in scenario.loads)

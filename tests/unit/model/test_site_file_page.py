"""docs/reference/site-file.md says of every key what the schema and the checks say."""

import re
import runpy
from pathlib import Path

import pytest

from evenload.model.document.sections import LOAD_SHAPES, LOADS, SECTIONS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "site-file.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def program() -> dict[str, object]:
    return runpy.run_path(str(ROOT / "scripts" / "write_site_file_reference.py"))


def test_the_tables_are_as_the_schema_says(program):
    """Where this fails, run `scripts/write_site_file_reference.py`."""
    assert program["filled"](PAGE) == PAGE


def test_every_part_of_the_schema_has_its_table(program):
    parts = {"" if place == "the document" else place for place in program["PLACES"]}
    assert parts >= {*SECTIONS, *(f"{LOADS} {kind}" for kind in LOAD_SHAPES)}
    assert sorted(re.findall(r"<!-- keys: (.*?) -->", PAGE)) == sorted(program["PLACES"])


def test_every_quantity_has_a_range(program):
    without = [
        line
        for line in PAGE.splitlines()
        if re.match(r"\| `\w+` \| (list of )?(whole )?number", line)
        if "whole number," not in line and not line.startswith("| `ceiling`")
    ]
    assert not without

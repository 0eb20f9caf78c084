"""Whatever is given, the answer is a document or findings: never any other exception."""

import copy
import math
import re

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evenload.engine import allocate
from evenload.model.document import SiteDocument, decode, parse_document, read_document
from evenload.model.finding import ConfigurationError
from tests.unit.model.example import EXAMPLE

KEYS = [
    "site", "circuits", "chargers", "plugs", "loads", "readings", "control", "plant", "fuse", "id",
    "kind", "phases", "legs", "A", "B", "L1", "L2", "min", "max", "power", "levels", "mode", "battery",
    "grid", "state", "current", "circuit", "parent", "dimming", "limit", "left", "off_grid",
]  # fmt: skip

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(KEYS),
    st.text(max_size=8),
    st.sampled_from(["ev", "switch", "main", "garage", "eco", "on", 10**400, math.nan, -0.0]),
    st.dates(),
    st.binary(max_size=4),
)
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=5), st.integers(), st.booleans())
nested = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


def outcome(data: object) -> SiteDocument | ConfigurationError:
    """Return a document that the engine takes, or findings that say where and what."""
    try:
        document = parse_document(data, source="x")
    except ConfigurationError as error:
        check_findings(error)
        return error
    if document.readings is not None:
        answer = allocate(document.site, document.readings)
        assert all(math.isfinite(allocation.power) for allocation in answer.loads.values())
    return document


def check_findings(error: ConfigurationError) -> None:
    assert error.findings
    assert len(set(error.findings)) == len(error.findings)
    for finding in error.findings:
        assert finding.problem
        assert finding.allowed
        assert not re.search(r"\?(circuits|chargers|loads)\[", str(finding))


def places(data: object, way: tuple = ()) -> list[tuple]:
    """Return the way to every value in nested data."""
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [way, *(place for key, value in items for place in places(value, (*way, key)))]


PLACES = [place for place in places(EXAMPLE) if place]


@given(nested)
def test_arbitrary_data(data):
    outcome(data)


@given(st.dictionaries(st.sampled_from(["site", "loads", "readings", "circuits"]), nested))
def test_arbitrary_data_under_the_right_keys(data):
    outcome({"site": {"fuse": 25}, **data})


@st.composite
def mutated(draw: st.DrawFn) -> dict:
    document = copy.deepcopy(EXAMPLE)
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        *way, last = place
        holder = document
        try:
            for step in way:
                holder = holder[step]
            match draw(st.sampled_from(["replace", "delete", "rename"])):
                case "replace":
                    holder[last] = draw(nested)
                case "delete":
                    del holder[last]
                case "rename":
                    holder[draw(keys)] = holder.pop(last)
        except KeyError, IndexError, TypeError, AttributeError:
            continue  # an earlier change took the place away
    return document


@given(mutated())
@settings(max_examples=300)
def test_sound_documents_with_some_places_changed(data):
    outcome(data)


@given(st.text(max_size=60))
def test_arbitrary_text(text):
    try:
        read_document(text)
    except ConfigurationError as error:
        check_findings(error)


@given(st.binary(max_size=40))
def test_arbitrary_bytes(content):
    try:
        read_document(decode(content))
    except ConfigurationError as error:
        check_findings(error)


SOUND_TEXT = yaml.safe_dump(EXAMPLE)


@given(
    st.integers(0, len(SOUND_TEXT)),
    st.integers(0, 8),
    st.text("[]{}:,&*!|>'\"%@`- \n\t#?~0A", max_size=4),
)
@settings(max_examples=200)
def test_sound_text_with_something_cut_out_and_put_in(start, length, inserted):
    text = SOUND_TEXT[:start] + inserted + SOUND_TEXT[start + length :]
    try:
        read_document(text)
    except ConfigurationError as error:
        check_findings(error)

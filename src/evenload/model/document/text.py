"""YAML text to plain data, with one clear finding for whatever is not YAML that we take.

Plain YAML 1.1 without tags and aliases: a tag asks for other types than a site file has, an alias may
refer to itself or make a small file huge. A key that stands twice is refused, because YAML would
silently keep the last. The text is read twice: once as events, which need no memory of depth, so
that nothing hostile reaches the second reading.
"""

from typing import Never, cast

import yaml
from yaml.constructor import SafeConstructor
from yaml.error import Mark, MarkedYAMLError
from yaml.reader import ReaderError

from evenload.model.check.places import said
from evenload.model.finding import ConfigurationError, Finding

DEEPEST = 32
"""Levels of nesting; a site file needs seven."""


def decode(content: bytes, *, source: str = "") -> str:
    """Return the text of a file; raise ConfigurationError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        place = f"line {len(before)}, column {len(before[-1]) + 1}"
        problem = f"byte 0x{content[error.start]:02x} is not UTF-8"
        finding = Finding(path=place, problem=problem, allowed="UTF-8 text")
        raise ConfigurationError([finding], source=source) from error


def load(text: str, *, source: str = "") -> object:
    """Return the data of one YAML document; raise ConfigurationError with line and column."""
    try:
        _check_events(text)
        return _construct(text)
    except ReaderError as error:
        finding = _unprintable(text, error.position)
    except MarkedYAMLError as error:
        finding = _finding(error)
    raise ConfigurationError([finding], source=source)


def _unprintable(text: str, position: int) -> Finding:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return Finding(
        path=f"line {line}, column {column}",
        problem=f"character U+{ord(text[position]):04X}",
        allowed="printable text",
    )


def _finding(error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
    problem = " ".join(part for part in (error.context, error.problem) if part)
    return Finding(path=place, problem=problem or "not YAML", allowed=error.note or "YAML")


def _check_events(text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    _refuse("a second document", event, "one document in a file")
            case yaml.AliasEvent():
                _refuse("an alias (*)", event, "each thing written out")
            case yaml.ScalarEvent() | yaml.CollectionStartEvent() if event.tag is not None:
                _refuse("a tag (!)", event, "plain values")
            case yaml.CollectionStartEvent() if depth == DEEPEST:
                _refuse("nested too deeply", event, f"at most {DEEPEST} levels")
            case yaml.CollectionStartEvent():
                depth += 1
            case yaml.CollectionEndEvent():
                depth -= 1
            case _:
                pass


def _construct(text: str) -> object:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_nodes(node)
        return cast("object", loader.construct_document(node))  # pyright: ignore[reportUnknownMemberType] - untyped in the stubs
    finally:
        loader.dispose()


def _check_nodes(node: yaml.Node) -> None:
    match node:
        case yaml.MappingNode():
            _check_keys(node)
            for _, value in node.value:
                _check_nodes(value)
        case yaml.SequenceNode():
            for item in node.value:
                _check_nodes(item)
        case _:
            _check_scalar(node)


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            _refuse("a key that is no plain word", key, "text as a key")
        _check_scalar(key)
        if key.value in seen:
            _refuse(f"key {key.value!r} again", key, "each key once")
        seen.add(key.value)


def _check_scalar(node: yaml.Node) -> None:
    """Refuse what looks like a number or date and is none, which PyYAML meets with a bare error."""
    try:
        SafeConstructor().construct_object(node)  # pyright: ignore[reportUnknownMemberType] - untyped in the stubs
    except (ValueError, OverflowError) as error:
        _refuse(f"{said(node.value)} cannot be read, {error}", node, "a value that exists")
    except MarkedYAMLError:
        return


def _refuse(problem: str, place: yaml.Event | yaml.Node, allowed: str) -> Never:
    mark = cast("Mark | None", place.start_mark)
    raise MarkedYAMLError(problem=problem, problem_mark=mark, note=allowed)

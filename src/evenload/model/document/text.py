"""YAML text to plain data, with one clear finding for whatever is not YAML that we take.

Plain YAML 1.1 without tags and aliases: a tag asks for other types than a site file has, an alias may
refer to itself or make a small file huge. A key that stands twice is refused, because YAML would silently keep the last.
"""

from typing import Never, override

import yaml
from yaml.nodes import MappingNode, Node

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
        byte = content[error.start]
        finding = Finding(
            path=place, problem=f"byte 0x{byte:02x} is not UTF-8", allowed="UTF-8 text"
        )
        raise ConfigurationError([finding], source=source) from error


def load(text: str, *, source: str = "") -> object:
    """Return the data of one YAML document; raise ConfigurationError with line and column."""
    try:
        return _load(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        problem = f"character U+{ord(text[error.position]):04X}"
        finding = Finding(
            path=f"line {line}, column {column}", problem=problem, allowed="printable text"
        )
    except yaml.MarkedYAMLError as error:
        finding = _finding(error)
    raise ConfigurationError([finding], source=source)


def _load(text: str) -> object:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _finding(error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
    problem = " ".join(part for part in (error.context, error.problem) if part)
    return Finding(path=place, problem=problem or "not YAML", allowed=error.note or "YAML")


class _Loader(yaml.SafeLoader):
    """The safe loader, stricter: no aliases, tags or twin keys, no deep nesting, one document."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    @override
    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            _refuse("an alias (*)", event.start_mark, "each thing written out")
        if getattr(event, "tag", None) is not None:
            _refuse("a tag (!)", event.start_mark, "plain values")
        if self._depth >= DEEPEST:
            _refuse("nested too deeply", event.start_mark, f"at most {DEEPEST} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    @override
    def get_single_node(self) -> Node | None:
        self.get_event()
        if self.check_event(yaml.StreamEndEvent):
            return None
        document = self.compose_document()
        if not self.check_event(yaml.StreamEndEvent):
            _refuse("a second document", self.peek_event().start_mark, "one document in a file")
        return document

    @override
    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse("a key that is no plain word", key.start_mark, "text as a key")
            if key.value in seen:
                _refuse(f"key {key.value!r} again", key.start_mark, "each key once")
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    @override
    def construct_object(self, node: Node, deep: bool = False) -> object:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            value = node.value if isinstance(node, yaml.ScalarNode) else node.tag
            raise yaml.MarkedYAMLError(
                problem=f"{value!r} cannot be read ({error})",
                problem_mark=node.start_mark,
                note="a value that exists",
            ) from error


def _refuse(problem: str, mark: yaml.Mark, allowed: str) -> Never:
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark, note=allowed)

"""What README and docs tell people to type, click and open is there."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from typer.main import get_command

from evenload.cli.app import app_for
from evenload.model.allocation import Reason
from evenload.model.document import parse_document
from evenload.simulate.settings import Plant

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
TOP_FOLDERS = (
    "src/",
    "docs/",
    "tests/",
    "scripts/",
    "bench/",
    "demo/",
    "custom_components/",
    ".ci/",
)


class Page(NamedTuple):
    """One Markdown file of the repository."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        return CODE_BLOCK.sub("", self.text)

    @property
    def commands(self) -> Iterator[str]:
        """Yield each shell line of a code block and each code span that begins like one."""
        for block in CODE_BLOCK.findall(self.text):
            joined = block.replace("\\\n", " ")
            yield from (line.strip().removeprefix("$ ") for line in joined.splitlines())
        yield from CODE_SPAN.findall(self.prose)


@pytest.fixture(scope="module")
def pages(root: Path, committed: tuple[Path, ...]) -> tuple[Page, ...]:
    paths = [path for path in committed if path.suffix == ".md"]
    return tuple(Page(path, path.read_text(encoding="utf-8")) for path in paths)


def anchor(heading: str) -> str:
    """Return the fragment under which a heading can be linked to."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def relative_links(page: Page) -> Iterator[tuple[Path, str]]:
    """Yield the file and the fragment of each link that stays within the repository."""
    for target in LINK.findall(page.prose):
        if not re.match(r"[a-z]+:", target):
            name, _, fragment = target.partition("#")
            yield (page.path.parent / name if name else page.path).resolve(), fragment


def test_links_and_pictures_lead_to_files_that_exist(root, pages):
    broken = [
        f"{page.path.relative_to(root)}: {target}"
        for page in pages
        for target, _ in relative_links(page)
        if not target.exists()
    ]
    assert not broken


def test_links_to_a_heading_find_it(root, pages):
    broken = [
        f"{page.path.relative_to(root)}: {target.name}#{fragment}"
        for page in pages
        for target, fragment in relative_links(page)
        if fragment
        and target.suffix == ".md"
        and fragment not in map(anchor, HEADING.findall(target.read_text(encoding="utf-8")))
    ]
    assert not broken


def test_paths_named_in_prose_exist(root, pages):
    missing = [
        f"{page.path.relative_to(root)}: {span}"
        for page in pages
        for span in CODE_SPAN.findall(page.prose)
        if span.startswith(TOP_FOLDERS) and not re.search(r"[\s*{}<>…]", span)
        if not (root / span.partition("::")[0]).exists()
    ]
    assert not missing


def test_every_page_of_the_docs_is_listed_in_their_index(root, pages):
    index = next(page for page in pages if page.path == root / "docs" / "index.md")
    listed = {target for target, _ in relative_links(index)}
    unlisted = [
        page.path.name
        for page in pages
        if page.path.is_relative_to(root / "docs") and page is not index
        if page.path not in listed
    ]
    assert not unlisted


def command_lines(pages: tuple[Page, ...], program: str) -> Iterator[list[str]]:
    """Yield the arguments of each `uv run PROGRAM ...` and each bare `PROGRAM ...` in the pages."""
    for page in pages:
        for line in page.commands:
            for start in (f"uv run {program}", program):
                if line == start or line.startswith(f"{start} "):
                    yield shlex.split(line.removeprefix(start), comments=True)
                    break


def understood(arguments: list[str]) -> bool:
    """Whether the command line takes these arguments: placeholders and optional parts are dropped."""
    words = [word.strip("[]") for word in arguments if not word.startswith("...")]
    command = get_command(app_for(words))
    while words and (inner := getattr(command, "commands", {}).get(words[0])) is not None:
        command, words = inner, words[1:]
    if hasattr(command, "commands"):
        return words in ([], ["--help"])
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {option for parameter in command.params for option in parameter.secondary_opts}
    known.add("--help")
    return all(word.partition("=")[0] in known for word in words if word.startswith("-"))


def test_every_evenload_command_in_the_docs_is_understood(pages):
    commands = list(command_lines(pages, "evenload"))
    assert ["demo"] in commands, "the README shows how to see it"
    concrete = [arguments for arguments in commands if not arguments or arguments[0].islower()]
    assert not [arguments for arguments in concrete if not understood(arguments)]


def test_a_command_that_does_not_exist_would_be_found():
    assert not understood(["conjure", "site.yaml"])
    assert not understood(["allocate", "site.yaml", "--conjure"])


def test_every_python_command_in_the_docs_names_a_file_that_exists(root, pages):
    programs = [arguments[0] for arguments in command_lines(pages, "python") if arguments]
    missing = [program for program in programs if "/" in program and not (root / program).exists()]
    assert not missing


def test_every_pytest_command_in_the_docs_names_tests_that_exist(root, pages):
    named = [
        word.partition("::")[0]
        for arguments in command_lines(pages, "pytest")
        for word in arguments
        if word.startswith("tests/")
    ]
    assert not [path for path in named if not (root / path).exists()]


def yaml_blocks(pages: tuple[Page, ...]) -> Iterator[dict[str, object]]:
    """Yield each YAML block that is a mapping."""
    for page in pages:
        for block in re.findall(r"^```yaml\n(.*?)^```", page.text, re.MULTILINE | re.DOTALL):
            content = yaml.safe_load(block)
            if isinstance(content, dict):
                yield content


def test_every_site_file_shown_in_the_docs_is_accepted(pages):
    shown = [block for block in yaml_blocks(pages) if "fuse" in (block.get("site") or {})]
    assert shown
    for block in shown:
        parse_document(block)


def test_every_plant_shown_in_the_docs_is_accepted(pages):
    shown = [block["plant"] for block in yaml_blocks(pages) if "plant" in block]
    assert shown
    for plant in shown:
        Plant.model_validate(plant)


def test_the_reference_of_the_simulated_house_is_what_its_schema_says(root):
    """Where this fails, run `scripts/write_plant_reference.py`."""
    program = runpy.run_path(str(root / "scripts" / "write_plant_reference.py"))
    written = (root / "docs" / "reference" / "plant.md").read_text(encoding="utf-8")
    assert written == program["page"]()


def test_every_reason_is_explained_where_people_look_for_it(root, translations):
    page = (root / "docs" / "how-to" / "why-does-it-not-run.md").read_text(encoding="utf-8")
    shown = translations["entity"]["sensor"]["load_status"]["state"]
    assert not [reason for reason in Reason if f"`{reason}`" not in page]
    assert not [name for name in shown.values() if name not in page]

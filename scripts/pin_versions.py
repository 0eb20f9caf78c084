"""Pin every package that this repository can install, at the end of pyproject.toml.

A lock file would do this too, but it records the address of whatever package index its author
happened to use, and the next person's index may be another one. Versions alone say as much to the
resolver: with each of them constrained to one, `uv run` finds the same set everywhere. They stand
in pyproject.toml because uv reads constraints on a project from nowhere else.

    uv run python scripts/pin_versions.py            after a dependency was added or removed
    uv run python scripts/pin_versions.py --upgrade  to move every pin to its newest version
"""

import argparse
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"

BEGINNING = """\
# Written by scripts/pin_versions.py, which says why; from here to the end not to be edited by hand.
[tool.uv]
"""
BUILD_PINS = ("hatchling==1.33.0", "setuptools==84.2.1")
"""What builds this package and the few dependencies that come as source: no export lists these."""


def uv(*arguments: str) -> str:
    """Return what uv prints; raises CalledProcessError when it fails, its own words on stderr."""
    done = subprocess.run(
        ("uv", *arguments), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def resolved_pins() -> tuple[str, ...]:
    """Return `name==version`, with its platform marker if any, for every package of any group."""
    exported = uv(
        "export",
        "--frozen",
        "--all-groups",
        "--all-extras",
        "--no-emit-project",
        "--no-hashes",
        "--no-header",
        "--no-annotate",
    )
    return tuple(exported.splitlines())


def toml_list(name: str, items: tuple[str, ...]) -> str:
    """Return `items` as a TOML array, one a line; markers use single quotes, so these are free."""
    lines = "".join(f'    "{item}",\n' for item in items)
    return f"{name} = [\n{lines}]\n"


def write_pins(pins: tuple[str, ...]) -> None:
    """Let the end of pyproject.toml hold `pins` and nothing else."""
    by_hand, _, _ = PROJECT.read_text(encoding="utf-8").partition(BEGINNING)
    PROJECT.write_text(
        by_hand.rstrip("\n")
        + "\n\n"
        + BEGINNING
        + toml_list("build-constraint-dependencies", BUILD_PINS)
        + toml_list("constraint-dependencies", pins),
        encoding="utf-8",
    )


def main() -> None:
    """Resolve, with the pins so far or without them, and write the result down."""
    parser = argparse.ArgumentParser(description="Pin every package in pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="forget the pins so far")
    if parser.parse_args().upgrade:
        write_pins(())
        uv("lock", "--upgrade")
    else:
        uv("lock")
    pins = resolved_pins()
    write_pins(pins)
    print(f"{len(pins)} packages pinned in {PROJECT.name}")


if __name__ == "__main__":
    main()

"""Pack the integration, with the library inside it, into the zip that a release carries.

Home Assistant installs an integration's Python requirements by name; the library is not published
under any, so it travels within: `library/` beside the integration's own files, which puts that
folder on the import path. What only the command line needs stays out, and with it every package
that Home Assistant does not bring itself.

The zip holds the contents of `custom_components/evenload` without that folder around them, because
HACS unpacks it into a folder of that name. The same files always give the same bytes.

    uv run python scripts/build_release.py [--output dist/evenload.zip] [--expect-version 0.1.0]
"""

import argparse
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTEGRATION = ROOT / "custom_components" / "evenload"
LIBRARY = ROOT / "src" / "evenload"

NOT_FOR_HOME_ASSISTANT = ("__main__.py", "cli", "demo", "model/document", "simulate")
"""Parts of the library that stand on packages Home Assistant need not have."""

EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16
"""A zip's way to say: a regular file that its owner may write and everybody read."""


class ReleaseError(Exception):
    """What stands in the checkout cannot be released as it is."""


def versions() -> Mapping[str, str]:
    """Return the version that each file which must name one names."""
    source = (LIBRARY / "__init__.py").read_text(encoding="utf-8")
    in_library = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    return {
        "pyproject.toml": tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
            "project"
        ]["version"],
        "src/evenload/__init__.py": in_library.group(1) if in_library else "none",
        "custom_components/evenload/manifest.json": json.loads(
            (INTEGRATION / "manifest.json").read_text(encoding="utf-8")
        )["version"],
    }


def released_version(expected: str | None) -> str:
    """Return the one version of this checkout; raises ReleaseError when its files disagree."""
    named = dict(versions())
    if expected is not None:
        named["--expect-version"] = expected
    if len(set(named.values())) > 1:
        listed = ", ".join(f"{version} in {place}" for place, version in named.items())
        raise ReleaseError(f"the version must be the same everywhere, but it is {listed}")
    return named["pyproject.toml"]


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the files under `folder` that somebody wrote: no caches, nothing hidden."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def released_files() -> Mapping[str, Path]:
    """Return, by its name within the zip, every file that goes into it."""
    files = {"LICENSE": ROOT / "LICENSE"}
    for path in source_files(INTEGRATION):
        relative = path.relative_to(INTEGRATION)
        if relative.parts[0] != "library":
            files[relative.as_posix()] = path
    for path in source_files(LIBRARY):
        relative = path.relative_to(LIBRARY)
        if not any(relative.is_relative_to(part) for part in NOT_FOR_HOME_ASSISTANT):
            files[f"library/evenload/{relative.as_posix()}"] = path
    return files


def write_zip(files: Mapping[str, Path], output: Path) -> None:
    """Write `files` to `output` in the order of their names, with one fixed time."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=EARLIEST_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = READABLE_FILE
            archive.writestr(entry, path.read_bytes())


def main() -> int:
    """Build the zip; return 1, with a sentence on stderr, when the checkout cannot be released."""
    parser = argparse.ArgumentParser(description="Pack the integration for a release.")
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "evenload.zip")
    parser.add_argument("--expect-version", help="fail unless this is the checkout's version")
    arguments = parser.parse_args()
    try:
        version = released_version(arguments.expect_version)
    except ReleaseError as error:
        print(f"Not released: {error}", file=sys.stderr)
        return 1
    files = released_files()
    write_zip(files, arguments.output)
    print(f"Evenload {version}: {len(files)} files in {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

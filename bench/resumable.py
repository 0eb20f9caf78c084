"""Long work in independent parts: several at once, each kept in a file, so that a run can go on later.

A part whose file is there, and was made by the same code from the same words, is not done again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import cast

import evenload

type Result = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One run of one house: a dated piece of a scenario with its own seed."""

    name: str
    """Of its file, and of the row it belongs to up to the first slash."""
    scenario: str
    changes: tuple[str, ...]
    """`KEY=VALUE`, as `evenload simulate --set` takes them."""
    seconds: int

    @property
    def row(self) -> str:
        """The row of the table that it counts in."""
        return self.name.partition("/")[0]


def finish(
    parts: Sequence[Part], work: Callable[[Part], Result], *, out: Path, jobs: int
) -> Iterator[tuple[Part, Result]]:
    """Yield each part's result: at once where its file is there, else as it is done.

    With 0 jobs nothing is done, and only what is there is yielded.
    """
    missing: list[Part] = []
    for part in parts:
        kept = _kept(part, out)
        if kept is None:
            missing.append(part)
        else:
            yield part, kept
    for part, result in _done(missing, work, jobs) if jobs > 0 else ():
        _keep(part, result, out)
        yield part, result


def _done(
    parts: Sequence[Part], work: Callable[[Part], Result], jobs: int
) -> Iterator[tuple[Part, Result]]:
    """Do each part, here where one at a time is enough, else in processes of their own."""
    if jobs == 1 or len(parts) < jobs:
        for part in parts:
            yield part, work(part)
        return
    with ProcessPoolExecutor(jobs) as pool:
        futures = {pool.submit(work, part): part for part in parts}
        for done in as_completed(futures):
            yield futures[done], done.result()


def _file(part: Part, out: Path) -> Path:
    return out / f"{part.name}.json"


def _kept(part: Part, out: Path) -> Result | None:
    """Return what an earlier run made of this part, where nothing has changed since."""
    try:
        kept = json.loads(_file(part, out).read_text(encoding="utf-8"))
    except OSError, ValueError:
        return None
    return cast("Result", kept["result"]) if kept["made_from"] == _origin(part) else None


def _keep(part: Part, result: Result, out: Path) -> None:
    """Write a result so that a file is either whole or not there."""
    path = _file(part, out)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(json.dumps({"made_from": _origin(part), "result": result}), encoding="utf-8")
    half.replace(path)


def _origin(part: Part) -> Result:
    return json.loads(json.dumps(asdict(part))) | {"code": _code()}


@cache
def _code() -> str:
    """Return a digest of everything that decides what a run gives."""
    digest = hashlib.sha256()
    package = Path(evenload.__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.yaml")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

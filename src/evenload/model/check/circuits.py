"""The tree of circuits, its chargers, and the ids of everything in it."""

import re
from collections.abc import Iterator

from evenload.model.check import ranges
from evenload.model.check.places import listed, one_of, out_of_range, said
from evenload.model.finding import Finding
from evenload.model.site import MAIN, Circuit, Phase, Site

RESERVED_IDS = (MAIN, "import", "dimming", "unbalance", "inverter", "grid", "battery")
"""Reasons and troubles name limits and sources by these words."""

ID_PATTERN = re.compile(r"[\w-]{1,64}")
"""An id stands in limit names (`garage/A`) and paths (`car.current.L1`), so no slash and no dot."""


LONGEST_NAME = 100


def check_ids(site: Site) -> Iterator[Finding]:
    """Yield ids that are malformed, reserved, or given to more than one thing."""
    seen: dict[str, str] = {}
    for path, identifier in _ids(site):
        if ID_PATTERN.fullmatch(identifier) is None:
            yield Finding(
                path=path,
                problem=f"given {identifier[:64]!r}",
                allowed="1 to 64 letters, digits, underscores and hyphens",
            )
        elif identifier in RESERVED_IDS:
            yield Finding(
                path=path,
                problem=f"{identifier!r} is reserved",
                allowed=f"an id other than {listed(RESERVED_IDS)}",
            )
        elif identifier in seen:
            yield Finding(
                path=path,
                problem=f"{identifier!r} is already the id at {seen[identifier]}",
                allowed="an id of its own",
            )
        else:
            seen[identifier] = path


def check_names(site: Site) -> Iterator[Finding]:
    """Yield names that cannot be shown on one line."""
    for path, identifier in _ids(site):
        name = site.names.get(identifier)
        if name is None or (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
            continue
        yield Finding(
            path=f"{path.removesuffix('.id')}.name",
            problem=f"given {said(name)}",
            allowed=f"1 to {LONGEST_NAME} printable characters",
        )


def _ids(site: Site) -> Iterator[tuple[str, str]]:
    for index, circuit in enumerate(site.circuits):
        yield f"circuits[{index}].id", circuit.id
    for index, charger in enumerate(site.chargers):
        yield f"chargers[{index}].id", charger.id
        for number, plug in enumerate(charger.plugs):
            yield f"chargers[{index}].plugs[{number}].id", plug.id
    for index, load in enumerate(site.loads):
        yield f"loads[{index}].id", load.id


def check_circuits(site: Site) -> Iterator[Finding]:
    """Yield what is wrong with circuits and chargers as parts of the tree."""
    for index, circuit in enumerate(site.circuits):
        path = f"circuits[{index}]"
        yield from out_of_range(circuit, path, ranges.CIRCUIT)
        yield from hangs_on(site, circuit.parent, f"{path}.parent")
        yield from _phases(site, circuit, path)
    yield from _cycles(site)
    for index, charger in enumerate(site.chargers):
        path = f"chargers[{index}]"
        yield from out_of_range(charger, path, ranges.CHARGER)
        yield from hangs_on(site, charger.circuit, f"{path}.circuit")
        if not charger.plugs:
            yield Finding(path=f"{path}.plugs", problem="given none", allowed="at least one plug")


def hangs_on(site: Site, parent: str, path: str) -> Iterator[Finding]:
    """Yield a finding unless `parent` is the main fuse or a circuit."""
    names = (MAIN, *(circuit.id for circuit in site.circuits))
    if parent in names:
        return
    is_charger = parent in {charger.id for charger in site.chargers}
    problem = (
        f"{parent!r} is a charger, it feeds its plugs alone"
        if is_charger
        else f"no circuit {parent!r}"
    )
    yield Finding(path=path, problem=problem, allowed=one_of(parent, names))


def _phases(site: Site, circuit: Circuit, path: str) -> Iterator[Finding]:
    if not circuit.fuse:
        yield Finding(path=f"{path}.fuse", problem="given none", allowed="a rating for each phase")
    for phase in circuit.fuse:
        without = without_phase(site, circuit.parent, phase)
        if without is not None:
            yield Finding(
                path=f"{path}.fuse.{phase}",
                problem=f"{without} has no phase {phase}",
                allowed="phases of everything it hangs on",
            )


def without_phase(site: Site, circuit: str, phase: Phase) -> str | None:
    """Return what, from `circuit` up to the root, has no such phase; None if all have it.

    A chain that does not end at the root, and a circuit without any phase, are findings of their own.
    """
    chain = _chain(site, circuit)
    if chain is None:
        return None
    for each in chain:
        if each.fuse and phase not in each.fuse:
            return f"circuit {each.id}"
    return None if phase in site.phases else "the site"


def _chain(site: Site, circuit: str) -> list[Circuit] | None:
    by_id = {each.id: each for each in reversed(site.circuits)}
    chain: list[Circuit] = []
    while circuit in by_id:
        if by_id[circuit] in chain:
            return None
        chain.append(by_id[circuit])
        circuit = by_id[circuit].parent
    return chain


def _cycles(site: Site) -> Iterator[Finding]:
    parents = {circuit.id: circuit.parent for circuit in site.circuits}
    reported: set[str] = set()
    for index, circuit in enumerate(site.circuits):
        chain = [circuit.id]
        while (parent := parents.get(chain[-1])) is not None and parent not in chain:
            chain.append(parent)
        if parent != circuit.id or not reported.isdisjoint(chain):
            continue
        reported.update(chain)
        yield Finding(
            path=f"circuits[{index}].parent",
            problem=f"{circuit.id!r} hangs on itself ({' on '.join([*chain, circuit.id])})",
            allowed="a chain of parents that ends at main",
        )

"""Where loads hang in the tree of circuits."""

from evenload.model.site import MAIN, Load, Site


def places_above(site: Site, load: Load) -> tuple[str, ...]:
    """Return the charger and circuits that a load hangs on, the main fuse last."""
    parents = {charger.id: charger.circuit for charger in site.chargers}
    parents |= {circuit.id: circuit.parent for circuit in site.circuits}
    found = [load.circuit]
    while found[-1] != MAIN:
        found.append(parents[found[-1]])
    return tuple(found)

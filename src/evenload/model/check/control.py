"""The controller's settings, against the site they are for."""

from collections.abc import Iterator

from evenload.model.check import ranges
from evenload.model.check.places import one_of, out_of_range
from evenload.model.control import ControlSettings
from evenload.model.finding import Finding
from evenload.model.site import Site


def check_all_settings(site: Site, settings: ControlSettings) -> Iterator[Finding]:
    """Yield what is wrong with the keys under `control`."""
    yield from out_of_range(settings, "control", ranges.CONTROL)
    known = [load.id for load in site.all_loads]
    for identifier, own in settings.loads.items():
        path = f"control.loads.{identifier}"
        if identifier not in known:
            yield Finding(
                path=path, problem=f"no load {identifier!r}", allowed=one_of(identifier, known)
            )
            continue
        yield from out_of_range(own, path, ranges.LOAD_CONTROL)

"""The controller's settings, against the site they are for."""

from collections.abc import Iterator

from evenload.model.check import ranges
from evenload.model.check.need import check_need
from evenload.model.check.places import one_of, out_of_range
from evenload.model.control import ControlSettings, FuseKind, Protection
from evenload.model.finding import Finding
from evenload.model.site import Site

CURVES = (FuseKind.GG, FuseKind.B, FuseKind.C, FuseKind.D)
"""Main fuses whose curve a standard gives."""


def check_all_settings(site: Site, settings: ControlSettings) -> Iterator[Finding]:
    """Yield what is wrong with the keys under `control`."""
    yield from out_of_range(settings, "control", ranges.CONTROL)
    if settings.import_average is not None:
        yield from out_of_range(
            settings.import_average, "control.import_average", ranges.IMPORT_AVERAGE
        )
    if settings.protection is Protection.THERMAL and settings.fuse_kind not in CURVES:
        yield Finding(
            path="control.protection",
            problem="thermal without a fuse whose curve is known",
            allowed="strict, or thermal with fuse_kind gG, B, C or D",
        )
    loads = {load.id: load for load in site.all_loads}
    known = list(loads)
    for identifier, own in settings.loads.items():
        path = f"control.loads.{identifier}"
        if identifier not in known:
            yield Finding(
                path=path, problem=f"no load {identifier!r}", allowed=one_of(identifier, known)
            )
            continue
        yield from out_of_range(own, path, ranges.LOAD_CONTROL)
        yield from check_need(loads[identifier], own, path)
        if own.phase_switching is not None:
            yield from out_of_range(
                own.phase_switching, f"{path}.phase_switching", ranges.PHASE_SWITCHING
            )

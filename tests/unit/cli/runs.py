"""Running `evenload` in this process, and the example of the site file's reference."""

from typer.testing import CliRunner, Result

from evenload.cli.app import app_for

EXAMPLE = """
site:
  fuse: 25
  cloud_headroom: 25
  import_limit: 11000
  unbalance_limit: 20
  dimming: {limit: 5500, loads: [left, right]}
  excess_threshold: 3000
  inverter: {max_power: 10000, max_power_per_phase: 4000}
  battery: {max_charge: 5000, max_discharge: 5000}
circuits:
  - {id: garage, fuse: 20}
chargers:
  - id: wallbox
    circuit: garage
    max_current: 32
    max_active: 2
    phases: {L1: A, L2: B, L3: C}
    plugs:
      - {id: left, min: 6, max: 16, mode: eco}
      - {id: right, min: 6, max: 16, priority: 2, legs: [L1]}
loads:
  - {id: boiler, name: Hot water, kind: switch, power: 2000, phases: {L1: B}, mode: solar}
  - {id: rod, kind: power, min: 500, max: 3000, step: 100, phases: {L1: C}, mode: excess}
  - {id: heater, kind: stepped, levels: [1000, 2000, 3000], phases: {L1: A}, mode: solar}
readings:
  grid: {A: -3.2, B: 1.0, C: 0.4}
  battery: {soc: 63, power: -1200}
  inverter: {A: 6.0, B: 6.1, C: 6.0}
  circuits: {garage: {A: 12.1, B: 6.2, C: 6.0}}
  loads:
    left: {state: charging, current: {L1: 6.1, L2: 6.1, L3: 6.0}, ceiling: 13}
    right: {state: connected}
    boiler: {state: "off"}
"""


def run(*arguments: str, width: int = 120, text: str | None = None) -> Result:
    """Run `evenload` with these arguments on a terminal of this width."""
    runner = CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1"})
    return runner.invoke(app_for(arguments), arguments, input=text)

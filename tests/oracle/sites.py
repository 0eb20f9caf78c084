"""Random sites with readings, over every feature of the engine, of up to five loads unless wished.

Numbers are round, and mostly multiples of each other: 6 A, 230 V, 1380 W. That is on purpose;
the interesting sites are those where a headroom or a pool is met exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from hypothesis import strategies as st

from evenload.model.readings import (
    BatteryReading,
    BatteryZone,
    LoadReading,
    LoadState,
    Need,
    Readings,
)
from evenload.model.site import (
    MAIN,
    Battery,
    BatteryHelp,
    Charger,
    Circuit,
    Dimming,
    Distribution,
    Inverter,
    Kind,
    Leg,
    Load,
    Mode,
    Phase,
    Policy,
    Site,
)
from tests.oracle.dice import Dice, HypothesisDice, SeededDice

LEGS = tuple(Leg)
CAR_STATES = (LoadState.CONNECTED, LoadState.CHARGING)
DEVICE_STATES = (LoadState.OFF, LoadState.ON, LoadState.ON, LoadState.CHARGING, LoadState.CONNECTED)
SPECIAL_STATES = (
    LoadState.SUSPENDED,
    LoadState.FINISHED,
    LoadState.DISCONNECTED,
    LoadState.FAULTED,
    LoadState.UNRESPONSIVE,
)
AMPERES = (0, 0.5, 1, 2, 3, 4, 5, 6, 6.1, 7, 8, 9, 10, 11.3, 12, 14, 16)
SUN = (0, -2, -3, -4.5, -6, -7, -8, -9, -10, -12, -13.7, -16, -18, -20, -24, -30)
SERVED_MODES = (Mode.STANDARD, Mode.ECO, Mode.SOLAR, Mode.EXCESS)
WATTS = (0, 230, 460, 690, 1000, 1380, 2000, 2300, 2760, 3000, 4140, 4600, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a generated site must not have, for properties that hold without it."""

    unbalance: bool = True
    dimming: bool = True
    sequential: bool = True
    equal_priorities: bool = True
    eco_switch: bool = True
    unresponsive: bool = True
    off_grid: bool = True
    shares_for_now: bool = True
    """Whether readings say a `solar_share`, which a site file has no word for."""
    grid_import_allowed: tuple[bool, ...] = (True, True, True, False)
    phase_netting: tuple[bool, ...] = (True, True, True, False)
    battery: bool = True
    modes: tuple[Mode, ...] = SERVED_MODES
    distributions: tuple[Distribution, ...] = tuple(Distribution)
    loads: tuple[int, ...] = (1, 2, 2, 3, 3, 4, 5)


ANYTHING = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A site at one moment."""

    site: Site
    readings: Readings


def case_of(seed: int, wish: Wish = ANYTHING) -> Case:
    """Return the site this seed stands for."""
    return _Maker(SeededDice(seed), wish).case()


@st.composite
def cases(draw: st.DrawFn, wish: Wish = ANYTHING) -> Case:
    """Return sites that shrink to plain ones."""
    return _Maker(HypothesisDice(draw), wish).case()


@dataclass(slots=True)
class _Maker:
    dice: Dice
    wish: Wish
    phases: tuple[Phase, ...] = ()
    circuits: list[Circuit] = field(default_factory=list)
    made: list[Load] = field(default_factory=list)
    """Loads so far, plugs first."""
    odd: int = 0
    """How often something about a load is out of the ordinary, in 100 cases."""
    modes: tuple[Mode, ...] = ()
    sunny: int = 0
    """How often a phase exports, in 100 cases."""

    def case(self) -> Case:
        pick, chance = self.dice.pick, self.dice.chance
        self.phases = pick(((Phase.A,), tuple(Phase), tuple(Phase), (Phase.A, Phase.B)))
        self.odd = pick((0, 0, 10, 30))
        self.sunny = pick((90, 40))
        # Loads of one mode are rivals: they fill together.
        self.modes = (pick(self.wish.modes),) if chance(45) else self.wish.modes
        off_grid = self.wish.off_grid and chance(10)
        self._make_circuits()
        count = pick(self.wish.loads)
        chargers = self._chargers(count)
        plugs = len(self.made)
        while len(self.made) < count:
            self.made.append(self._load(pick((MAIN, *(c.id for c in self.circuits)))))
        site = Site(
            phases=self.phases,
            fuse=self._ratings((25, 10, 14, 16, 20, 35, 40, 63)),
            circuits=tuple(self.circuits),
            chargers=chargers,
            loads=tuple(self.made[plugs:]),
            off_grid=off_grid,
            inverter=self._inverter() if off_grid or chance(25) else None,
            battery=self._battery() if off_grid or (self.wish.battery and chance(50)) else None,
            dimming=self._dimming() if self.wish.dimming and chance(15) else None,
            **self._settings(),
        )
        return Case(site=site, readings=self._readings(site))

    def _ratings(self, options: tuple[float, ...]) -> dict[Phase, float]:
        """Return the same rating for every phase, or one for each."""
        if self.dice.chance(15):
            return {phase: self.dice.pick(options) for phase in self.phases}
        return dict.fromkeys(self.phases, self.dice.pick(options))

    def _settings(self) -> dict[str, object]:
        pick, chance = self.dice.pick, self.dice.chance
        return {
            "voltage": pick((230.0, 230.0, 240.0)),
            "margin": pick((1, 2, 0.5)) if chance(20) else 0,
            "cloud_headroom": pick((0, 4, 10)) if chance(20) else None,
            "import_limit": pick((0, 1380, 2300, 3680, 5000, 8000)) if chance(20) else None,
            "unbalance_limit": (
                pick((20, 16, 10, 5, 0)) if self.wish.unbalance and chance(15) else None
            ),
            "phase_netting": pick(self.wish.phase_netting),
            "grid_import_allowed": pick(self.wish.grid_import_allowed),
            "distribution": pick(self.wish.distributions),
            "excess_threshold": pick((500, 1380, 2300, 3000)) if chance(40) else 0,
        }

    def _make_circuits(self) -> None:
        for number in range(self.dice.pick((0, 0, 1, 1, 2, 3))):
            parents = (MAIN, *(circuit.id for circuit in self.circuits))
            self.circuits.append(
                Circuit(
                    id=f"circuit{number}",
                    fuse=self._ratings((20, 10, 13, 16, 16, 25)),
                    parent=self.dice.pick(parents),
                    reserve=self.dice.pick((2, 5)) if self.dice.chance(20) else 0,
                )
            )

    def _chargers(self, count: int) -> tuple[Charger, ...]:
        pick, chance = self.dice.pick, self.dice.chance
        chargers: list[Charger] = []
        for number in range(pick((0, 0, 1, 1, 2))):
            plugs = min(pick((2, 1, 3)), count - len(self.made))
            if plugs == 0:
                break
            name = f"box{number}"
            start = len(self.made)
            sequential = self.wish.sequential and chance(40)
            wiring = self._wiring()
            for _ in range(plugs):
                self.made.append(self._ev(name, wiring))
            chargers.append(
                Charger(
                    id=name,
                    plugs=tuple(self.made[start:]),
                    max_current=pick((32, 10, 16, 18, 20, 24)),
                    circuit=pick((MAIN, *(circuit.id for circuit in self.circuits))),
                    max_active=pick(range(1, plugs + 1)) if chance(25) else None,
                    policy=Policy.SEQUENTIAL if sequential else Policy.CONCURRENT,
                )
            )
        return tuple(chargers)

    def _wiring(self) -> dict[Leg, Phase]:
        """Return a phase map: one leg, or all, rotated."""
        offset = self.dice.pick(range(len(self.phases)))
        rotated = self.phases[offset:] + self.phases[:offset]
        count = self.dice.pick((1, len(self.phases), len(rotated)))
        return dict(zip(LEGS, rotated[:count], strict=False))

    def _common(self, circuit: str, wiring: Mapping[Leg, Phase]) -> dict[str, object]:
        pick, chance = self.dice.pick, self.dice.chance
        number = len(self.made) + 1
        numbers = (1, 1, 2, 2, 3, number)
        return {
            "id": ascii_lowercase[len(self.made)],
            "circuit": circuit,
            "phases": wiring,
            "mode": Mode.OFF if chance(self.odd // 3) else pick(self.modes),
            "priority": pick(numbers if self.wish.equal_priorities else (number,)),
            "solar_share": pick((0.0, 0.5, 0.6)) if chance(25) else 1.0,
            "eco_share": pick((0.0, 0.3, 1.0)) if chance(25) else 0.5,
            "legs": self._some_legs(wiring) if chance(15) else None,
        }

    def _some_legs(self, wiring: Mapping[Leg, Phase]) -> tuple[Leg, ...]:
        return tuple(wiring)[: self.dice.pick(range(1, len(wiring) + 1))]

    def _ev(self, circuit: str, wiring: Mapping[Leg, Phase]) -> Load:
        pick = self.dice.pick
        return Load(
            kind=Kind.EV,
            minimum=pick((6, 6, 6, 8, 5.5)),
            maximum=pick((16, 16, 10, 14.5, 32, 8)),
            step=pick((1, 1, 5, 0.5, 2, 3)),
            **self._common(circuit, wiring),
        )

    def _load(self, circuit: str) -> Load:
        pick = self.dice.pick
        kind = pick((Kind.EV, Kind.EV, Kind.SWITCH, Kind.STEPPED, Kind.POWER))
        if kind is Kind.EV:
            return self._ev(circuit, self._wiring())
        common = self._common(circuit, self._wiring())
        if kind is Kind.POWER:
            return Load(
                kind=kind,
                minimum=pick((500, 460, 1380)),
                maximum=pick((3000, 2300, 4600, 1380)),
                step=pick((100, 230, 400, 17)),
                **common,
            )
        if kind is Kind.STEPPED:
            steps = ((1000, 2000, 3000), (460, 1380, 2300), (690, 4140))
            return Load(kind=kind, levels=pick(steps), **common)
        if common["mode"] is Mode.ECO and not self.wish.eco_switch:
            common["mode"] = Mode.SOLAR
        return Load(kind=kind, levels=(pick((2000, 1380, 2300, 4140)),), **common)

    def _dimming(self) -> Dimming | None:
        named = tuple(load.id for load in self.made if self.dice.chance(60))
        limit = self.dice.pick((4200, 1380, 2300, 3000, 0))
        return Dimming(limit=limit, loads=named) if named else None

    def _inverter(self) -> Inverter:
        pick = self.dice.pick
        return Inverter(
            max_power=pick((10000, 2000, 4600, 6900)),
            max_power_per_phase=pick((4000, 2300, 3450)),
            balances_phases=self.dice.chance(50),
        )

    def _battery(self) -> Battery:
        pick = self.dice.pick
        return Battery(
            max_charge=pick((5000, 1380, 2300, 3000)),
            max_discharge=pick((5000, 1380, 2300, 3000)),
            priority=pick((0, 0, 2, 3, 9)),
            helps=pick(tuple(BatteryHelp)),
        )

    def _readings(self, site: Site) -> Readings:
        chance = self.dice.chance
        with_inverter = site.off_grid or (site.inverter is not None and chance(60))
        return Readings(
            grid={} if site.off_grid else {phase: self._flow() for phase in self.phases},
            loads={
                load.id: self._reading(load, plug=load.circuit.startswith("box"))
                for load in self.made
                if not chance(self.odd // 5)
            },
            voltage=(
                {phase: self.dice.pick((231.2, 229.8, 240, 225)) for phase in self.phases}
                if chance(15)
                else {}
            ),
            battery=self._battery_reading() if site.battery is not None and chance(92) else None,
            inverter={phase: self._flow() for phase in self.phases} if with_inverter else None,
            circuits={
                circuit.id: {phase: self.dice.pick(AMPERES) for phase in circuit.fuse}
                for circuit in self.circuits
                if chance(30)
            },
        )

    def _flow(self) -> float:
        """Return a meter's reading [A]: import or export."""
        return self.dice.pick(SUN if self.dice.chance(self.sunny) else AMPERES)

    def _battery_reading(self) -> BatteryReading:
        pick, chance = self.dice.pick, self.dice.chance
        soc = pick((80, 50, 10, 20, 22, 23, 79, 82.9, 83, 90, 97, 100))
        # A full battery is never below its target: no controller would say so.
        zones = tuple(BatteryZone) if soc < 97 else (BatteryZone.ABOVE, BatteryZone.AT)
        return BatteryReading(
            soc=soc,
            power=pick((1, -1)) * pick(WATTS),
            zone=pick(zones) if chance(20) else None,
            accepts=pick(WATTS) if chance(25) else None,
            responds=not chance(12),
        )

    def _reading(self, load: Load, *, plug: bool) -> LoadReading:
        pick, chance = self.dice.pick, self.dice.chance
        state = pick(CAR_STATES if load.kind is Kind.EV else DEVICE_STATES)
        if chance(self.odd):
            state = pick(SPECIAL_STATES if self.wish.unresponsive else SPECIAL_STATES[:-1])
        needs = (Need.MUST, Need.CAN_STORE, Need.SATISFIED)
        reading = LoadReading(
            state=state,
            ceiling=self._ceiling(load) if chance(self.odd) else None,
            need=pick(needs) if chance(self.odd) else Need.WANTS,
            solar_share=(
                pick((1, 0, 0.4)) if self.wish.shares_for_now and chance(self.odd) else None
            ),
            legs=self._some_legs(load.phases) if chance(self.odd) else None,
            legs_certain=not chance(self.odd),
        )
        return self._with_draw(load, reading, plug=plug)

    def _ceiling(self, load: Load) -> float:
        if load.kind is Kind.EV:
            return self.dice.pick((16, 13, 10.5, 7, 6, 5, 0))
        return self.dice.pick((3000, 2000, 1500, 1380, 400, 0))

    def _with_draw(self, load: Load, reading: LoadReading, *, plug: bool) -> LoadReading:
        idle = reading.state in (LoadState.CONNECTED, LoadState.DISCONNECTED, LoadState.OFF)
        percent = 5 if idle else 75 if plug or reading.state is not LoadState.SUSPENDED else 30
        if not self.dice.chance(percent):
            return reading
        if self.dice.chance(15):
            return replace(reading, power=self.dice.pick(WATTS))
        drawn = {leg: self.dice.pick(AMPERES) for leg in load.phases}
        return replace(reading, current=drawn)

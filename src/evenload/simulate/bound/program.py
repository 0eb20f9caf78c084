"""A linear program with on/off variables, built row by row and solved by HiGHS.

HiGHS is spoken to here alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

type Term = tuple[int, float]
"""The place of a variable and its factor in a row."""


class BoundError(Exception):
    """HiGHS came to no bound; says how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What HiGHS proved."""

    value: float
    """No plan is better than this."""
    reached: float | None
    """The best plan it found; None: none. What is between the two is its gap."""


@dataclass(slots=True)
class Program:
    """Maximise the sum of worth x variable, under rows of low <= sum of factor x variable <= high."""

    worths: list[float] = field(default_factory=list[float])
    lows: list[float] = field(default_factory=list[float])
    highs: list[float] = field(default_factory=list[float])
    whole: list[bool] = field(default_factory=list[bool])
    row_lows: list[float] = field(default_factory=list[float])
    row_highs: list[float] = field(default_factory=list[float])
    starts: list[int] = field(default_factory=lambda: [0])
    places: list[int] = field(default_factory=list[int])
    factors: list[float] = field(default_factory=list[float])

    def variable(self, low: float, high: float, *, worth: float = 0.0, whole: bool = False) -> int:
        """Add a variable and return its place."""
        self.worths.append(worth)
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(whole)
        return len(self.worths) - 1

    def row(self, terms: Iterable[Term], *, low: float = -np.inf, high: float = np.inf) -> None:
        """Add a row; a variable may occur in it more than once."""
        sums: dict[int, float] = {}
        for place, factor in terms:
            sums[place] = sums.get(place, 0.0) + factor
        self.places += sums
        self.factors += sums.values()
        self.starts.append(len(self.places))
        self.row_lows.append(low)
        self.row_highs.append(high)

    def solve(self, *, gap: float, seconds: float) -> Bound:
        """Return the proven bound; within `gap` of the best plan unless the time ran out first.

        Raises BoundError where HiGHS ends without one.
        """
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("time_limit", seconds)
        solver.passModel(self._model())
        solver.run()
        status = solver.getModelStatus()
        if status not in _BOUNDED:
            raise BoundError(f"HiGHS ended with {solver.modelStatusToString(status)}")
        info = solver.getInfo()
        if not any(self.whole):
            value = info.objective_function_value
            return Bound(value=value, reached=value)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return Bound(
            value=info.mip_dual_bound, reached=info.objective_function_value if found else None
        )

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.worths), len(self.row_lows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = _array(self.worths)
        model.col_lower_, model.col_upper_ = _array(self.lows), _array(self.highs)
        model.row_lower_, model.row_upper_ = _array(self.row_lows), _array(self.row_highs)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.array(self.starts, dtype=np.int32)
        matrix.index_ = np.array(self.places, dtype=np.int32)
        matrix.value_ = _array(self.factors)
        if any(self.whole):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[whole] for whole in self.whole]
        return model


def times(terms: Iterable[Term], factor: float) -> list[Term]:
    """Return the terms of a row, each times a factor."""
    return [(place, factor * each) for place, each in terms]


_BOUNDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kTimeLimit,
)


def _array(values: Sequence[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)

"""A linear programme put together line by line, and the ends of what a sum of its variables can be."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Ints = NDArray[np.int64]


class Programme:
    """Variables of 0 or more, bounds on them and on weighted sums of them."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._rows: list[tuple[Ints, Array, float, float]] = []
        self._kept: Any = None

    def variables(self, count: int) -> Ints:
        """`count` new variables, by number."""
        first = len(self._low)
        self._low += [0.0] * count
        self._high += [np.inf] * count
        return np.arange(first, first + count)

    def bound(self, variable: int, low: float, high: float) -> None:
        """Sets the ends of one variable."""
        self._low[variable], self._high[variable] = float(low), float(high)

    def row(self, variables: Ints, weights: Array, low: float, high: float) -> None:
        """Adds: the weighted sum of `variables` lies from `low` to `high`."""
        self._rows.append((variables, weights, low, high))

    def ends(self, variables: Ints) -> tuple[float, float]:
        """The least and the most that the sum of `variables` can be. Raises `ValueError` where nothing fits."""
        return -self._most(variables, -1.0), self._most(variables, 1.0)

    def _most(self, variables: Ints, sign: float) -> float:
        import highspy

        solver = self._solver()
        count = len(self._low)
        costs = np.zeros(count)
        costs[variables] = sign
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), costs)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(solver.getInfo().objective_function_value)
        if status == highspy.HighsModelStatus.kUnbounded:
            return float(np.inf)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ValueError(
                "second: contradicts the first release (or a release its own totals), so they cannot be of the same "
                "people; check groups and moved"
            )
        raise RuntimeError(f"the linear programme was not solved (HiGHS: {solver.modelStatusToString(status)})")

    def _solver(self) -> Any:
        """The model in HiGHS, complete at the first question, and kept: each search starts where the last one ended."""
        import highspy

        if self._kept is not None:
            return self._kept
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._low), len(self._rows)
        model.col_cost_ = np.zeros(len(self._low))
        model.col_lower_, model.col_upper_ = np.array(self._low), np.array(self._high)
        model.row_lower_ = np.array([low for _, _, low, _ in self._rows])
        model.row_upper_ = np.array([high for _, _, _, high in self._rows])
        sizes = [len(variables) for variables, *_ in self._rows]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32)
        none = np.empty(0)
        model.a_matrix_.index_ = np.concatenate([none, *(v for v, *_ in self._rows)]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([none, *(w for _, w, *_ in self._rows)]).astype(np.float64)
        model.sense_ = highspy.ObjSense.kMaximize
        highs: Any = highspy.Highs
        solver = highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        self._kept = solver
        return solver

"""The mixed-integer programme of a plan, written straight to the solver (HiGHS)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.siting.reaching import Reaching

Flags = NDArray[np.bool_]

GAP = 1e-4
"""How far, as a share, a plan may stay below what is proven possible."""


@dataclass(frozen=True, eq=False)
class Task:
    """What to choose: at most `most` of the sites that are not `kept`, from what `reaching` says.

    `before` (G,) people of each group are reached already; `everybody` (G,) is how many there are. `capacity` (S,) or
    None. `equity` is the weight on the worst-reached group's share, and `floor` the least that share may be. `toll` is
    a number of people that each open site costs: with it, how many sites to open is part of the question.
    """

    reaching: Reaching
    kept: Flags
    most: int
    before: Array
    everybody: Array
    capacity: Array | None = None
    equity: float = 0.0
    floor: float = 0.0
    toll: float = 0.0


@dataclass(frozen=True, eq=False)
class Solution:
    """The sites of a plan (S,), the share of each zone served (n,), the solver's proven bound and how it ended."""

    sites: Flags
    served: Array
    load: Array
    bound: float
    finished: bool


def solve(task: Task, start: Flags, seconds: float, *, within: float | None = None) -> Solution | None:
    """The best plan found from the plan `start` within `seconds`; None where the solver has no plan to show.

    It stops at `GAP`, or where `within` is given, when nothing can be better by more than so many people.
    """
    import highspy

    model, sites = _model(task, whole=True), len(task.kept)
    solver = _solver(seconds)
    solver.setOptionValue("mip_rel_gap", GAP if within is None else 0.0)
    if within is not None:
        solver.setOptionValue("mip_abs_gap", max(within, 1e-6))
    solver.passModel(model)
    solver.setSolution(sites, np.arange(sites, dtype=np.int32), start.astype(np.float64))
    solver.run()
    found = solver.getInfo()
    if found.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = np.clip(np.asarray(solver.getSolution().col_value), 0.0, 1.0)
    flows = values[sites : sites + task.reaching.by_zone.nnz]
    load = np.zeros(sites)
    if task.capacity is None:
        served = np.array(values[sites : sites + len(task.reaching.people)])
    else:
        pairs = task.reaching.by_zone.tocoo()
        served = np.minimum(np.bincount(pairs.row, flows, len(task.reaching.people)), 1.0)
        load[:] = np.bincount(pairs.col, flows * task.reaching.total[pairs.row], sites)
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Solution(values[:sites] > 0.5, served, load, float(found.mip_dual_bound), finished)


def prices(task: Task, seconds: float) -> Array:
    """(n,) what each zone would pay for being reached, 0 to its demand: duals of the programme without whole sites.

    Any prices give a bound, so also those that the solver has when time is up; the duals give the best one there is.
    """
    solver = _solver(seconds)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    solver.passModel(_model(task, whole=False))
    solver.run()
    duals = np.abs(np.asarray(solver.getSolution().row_dual))[: len(task.reaching.people)]
    if len(duals) < len(task.reaching.people):
        duals = np.zeros(len(task.reaching.people))
    price: Array = np.clip(np.nan_to_num(duals), 0.0, task.reaching.total)
    return price


def _solver(seconds: float):  # type: ignore[no-untyped-def]
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)  # parts are solved side by side; and answers do not hang on the machine
    solver.setOptionValue("time_limit", max(seconds, 0.1))
    return solver


def _model(task: Task, *, whole: bool):  # type: ignore[no-untyped-def]
    import highspy

    matrix, rows, columns, cost, offset = _written(task)
    count, sites = columns.shape[1], len(task.kept)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, rows.size
    model.sense_, model.col_cost_, model.offset_ = highspy.ObjSense.kMaximize, cost, offset
    model.col_lower_, model.col_upper_ = columns
    model.row_lower_, model.row_upper_ = np.full(rows.size, -highspy.kHighsInf), rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * sites + [kinds.kContinuous] * (count - sites)
    return model


def _written(task: Task):  # type: ignore[no-untyped-def]
    """Rows as a sparse matrix, their upper limits, columns' limits (2, n), objective and its constant.

    Columns: a site is open (S); then, without capacities, a zone is reached (n), else the share of a zone that a site
    serves (one for each pair); then, with equity, the share of the worst-reached group.
    """
    from scipy.sparse import coo_array, csr_array, hstack, vstack

    reaching, sites = task.reaching, len(task.kept)
    pairs = reaching.by_zone.tocoo()
    zones, total, ones = len(reaching.people), reaching.total, np.ones(pairs.nnz)
    if task.capacity is None:
        to_zone = csr_array((np.ones(zones), (np.arange(zones), np.arange(zones))), shape=(zones, zones))
        blocks, limits = [[-reaching.by_zone.astype(np.float64), to_zone]], [np.zeros(zones)]
    else:
        each = np.arange(pairs.nnz)
        to_zone = csr_array((ones, (pairs.row, each)), shape=(zones, pairs.nnz))
        load = csr_array((total[pairs.row], (pairs.col, each)), shape=(sites, pairs.nnz))
        own = coo_array((ones, (each, each)), shape=(pairs.nnz, pairs.nnz))
        site = np.arange(sites)
        blocks = [
            [csr_array((zones, sites)), to_zone],
            [csr_array((-task.capacity, (site, site)), shape=(sites, sites)), load],
            [csr_array((-ones, (each, pairs.col)), shape=(pairs.nnz, sites)), own],
        ]
        limits = [np.ones(zones), np.zeros(sites), np.zeros(pairs.nnz)]
    flows = to_zone.shape[1]
    blocks.append([csr_array((~task.kept)[np.newaxis].astype(np.float64)), csr_array((1, flows))])
    limits.append(np.array([float(task.most)]))
    matrix = vstack([hstack(block) for block in blocks], format="csr")
    lower, upper = np.zeros(sites + flows), np.ones(sites + flows)
    lower[:sites][task.kept] = 1.0
    cost = np.concatenate([np.full(sites, -task.toll), to_zone.T @ total])
    offset = float(task.before.sum())
    if task.equity and task.everybody.any():
        known = task.everybody > 0
        shares = (to_zone.T @ (reaching.people[:, known] / task.everybody[known])).T
        worst = hstack([csr_array((known.sum(), sites)), csr_array(-shares), csr_array(np.ones((known.sum(), 1)))])
        matrix = vstack([hstack([matrix, csr_array((matrix.shape[0], 1))]), worst], format="csr")
        limits.append(task.before[known] / task.everybody[known])
        lower, upper = np.append(lower, task.floor), np.append(upper, 1.0)
        cost = np.append(cost / task.everybody.sum(), task.equity)
        offset /= task.everybody.sum()
    matrix.eliminate_zeros()
    return matrix, np.concatenate(limits), np.stack([lower, upper]), cost, offset

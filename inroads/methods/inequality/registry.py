"""The list of summary measures, each with what it needs and how it behaves, so that one battery can test them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups

Value = Callable[[Groups, Array], Array]
Gradient = Callable[[Groups], Array]
Variance = Callable[[Groups, Array], float]


class Spread(Protocol):
    """A published standard error that needs no standard errors of the estimates."""

    def __call__(self, groups: Groups) -> float: ...


@dataclass(frozen=True, eq=False)
class Declared:
    """What a measure says of itself. The battery of tests holds it to that."""

    code: str
    """The code of the WHO Health Equity Assessment Toolkit."""
    name: str
    """The name in words."""
    unit: Literal["indicator", "indicator squared", "ratio", "share", "percent", "thousandths"]
    """What the value counts in: the indicator's own unit, its square, a ratio, a share of the mean (-1 to 1), percent
    of the mean, or thousandths."""
    value: Value
    """From groups and a table (..., J) of estimates for them to the (...) values."""
    equal: float
    """The value where all groups are equal."""
    low: float | None = None
    """No value lies below."""
    high: float | None = None
    """No value lies above."""
    one_sided: bool = False
    """Whether the value is 0 or more for a favourable indicator and 0 or less for an adverse one."""
    ordered: bool = False
    """Whether the groups need an order."""
    reference: bool = False
    """Whether a reference group has to be named."""
    from_one_group: bool = False
    """Whether distances are taken from one group's estimate, whose error then moves them all together."""
    picks: Literal["never", "without order", "without order and reference"] = "never"
    """When it picks a group that it compares by the estimates themselves."""
    weighted: bool = True
    """Whether groups count by their people: then splitting one changes nothing and one without people plays no part."""
    population: bool = True
    """Whether the population is needed (an unweighted measure may need it for the mean)."""
    positive: bool = False
    """Whether estimates below 0 make no sense to it."""
    under_scale: Literal["invariant", "proportional", "squared"] = "proportional"
    """What becomes of the value when every estimate is multiplied."""
    under_shift: Literal["invariant", "changes"] = "invariant"
    """What becomes of the value when the same is added to every estimate."""
    gradient: Gradient | None = None
    """The change of the value with each estimate, where an analytic interval is offered; of its logarithm if `log`."""
    variance: Variance | None = None
    """A variance better than the gradient's, where one is published."""
    log: bool = False
    """Whether the interval is made on the logarithm."""
    fit: Spread | None = None
    """The published error from the residuals of a regression."""
    counts: Spread | None = None
    """The published error for groups that were counted person by person."""
    groups: int = 2
    """The least number of groups."""

    @property
    def simulated(self) -> bool:
        """Whether its interval comes by simulation unless asked otherwise."""
        return self.gradient is None and self.variance is None


_registered: dict[str, Declared] = {}


def register(declared: Declared) -> Declared:
    """Puts a measure on the list."""
    if declared.code in _registered:
        raise ValueError(f"code: {declared.code!r} is registered twice; give every measure its own code")
    _registered[declared.code] = declared
    return declared


def measures() -> Mapping[str, Declared]:
    """Every summary measure by its code, with what it declares of itself."""
    return MappingProxyType(_registered)

"""Figures that others published, from the input they published.

WHO's own tests of its R package healthequal 1.0.1 (https://github.com/WHOequity/healthequal, tests/testthat) draw
their input from R's generator with seed 123; the numbers below are what R draws. The quintiles are births attended by
skilled health personnel in percent, the sample `OrderedSample` of the same package, with the results its reference
pages print.
"""

import numpy as np
import pytest

from inroads.methods.inequality import measure

REGIONS = {
    "population": [
        832, 931, 1468, 1021, 1039, 1515, 1138, 620, 794, 866, 1367, 1108, 1120,
        1033, 833, 1536, 1149, 410, 1210, 858, 680, 935, 692, 781, 812,
    ],
    "estimate": [61, 74, 58, 59, 72, 75, 74, 68, 75, 67, 73, 63, 66, 62, 60, 66, 71, 73, 71, 61, 74, 84, 55, 69, 60],
    "se": [5, 3, 3, 3, 4, 9, 2, 2, 2, 5, 5, 7, 5, 6, 4, 5, 6, 6, 9, 4, 3, 4, 1, 3, 7],
    "reference": 13,
}  # fmt: skip
STEPS = {"population": [78, 91, 162, 103, 105], "estimate": [20, 30, 40, 50, 60], "order": [1, 2, 3, 4, 5]}
QUINTILES = {
    "population": [2072.436, 2112.204, 1983.059, 2052.124, 1884.510],
    "estimate": [75.60530, 91.01997, 96.03959, 97.04223, 99.22405],
    "order": [1, 2, 3, 4, 5],
}


def of(code, world, **options):
    return measure(code, **{**world, **options})


@pytest.mark.parametrize(
    ("code", "published"),
    [
        ("bgv", 46.198326),
        ("bgsd", 6.7969351),
        ("mdmu", 5.891726),
        ("mdmw", 5.8348689),
        ("mdbu", 16.360001),
        ("mdbw", 16.293156),
        ("mdru", 7.2399998),
        ("mdrw", 7.2228465),
        ("idisu", 8.7018175),
        ("idisw", 8.6178417),
        ("ti", 5.0359201),
        ("mld", 5.0524006),
    ],
)
def test_values_of_regions(code, published):
    # Published from single precision, so to about six figures; that of ti is 1.2e-5 away.
    assert of(code, REGIONS).value == pytest.approx(published, rel=2e-5)


@pytest.mark.parametrize(("code", "published"), [("parisk", 16.293152), ("paf", 24.06426)])
def test_impact_of_regions_measured_against_the_best(code, published):
    assert of(code, {**REGIONS, "reference": None}).value == pytest.approx(published, rel=1e-6)


@pytest.mark.parametrize(
    ("code", "published", "times"),
    # healthequal prints the errors of ti and mld without the thousand that it multiplies their values by.
    [("bgv", 17.134647, 1), ("ti", 0.0014201, 1000), ("mld", 0.0014242, 1000)],
)
def test_errors_of_regions(code, published, times):
    found = of(code, REGIONS)
    assert found.se == pytest.approx(times * published, rel=2e-5)
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * found.se, rel=1e-6)


@pytest.mark.parametrize(
    ("code", "published", "error", "low", "high"),
    [
        ("aci", 7.3284202, 0.29368517, 6.7528079, 7.9040325),
        ("rci", 0.17776859, 0.0071240491, 0.16380545, 0.19173172),
        ("parisk", 18.775509, 4.4066348, 10.138505, 27.412513),
    ],
)
def test_steps(code, published, error, low, high):
    found = of(code, STEPS, error_from="counts" if code == "parisk" else "fit")
    assert (found.value, found.se) == pytest.approx((published, error), rel=1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), rel=2e-5)


@pytest.mark.parametrize(
    ("code", "published", "error", "low", "high"),
    [
        ("aci", 4.30052, 1.284031, 1.783865, 6.817174),
        ("rci", 0.0469506, 0.01401831, 0.01947522, 0.07442599),
        ("parisk", 7.627362, 0.3372516, 6.966361, 8.288363),
    ],
)
def test_quintiles(code, published, error, low, high):
    found = of(code, QUINTILES, error_from="counts" if code == "parisk" else "fit")
    assert (found.value, found.se, found.low, found.high) == pytest.approx((published, error, low, high), rel=2e-6)


@pytest.mark.parametrize(
    ("world", "published", "error"),
    [(STEPS, 45.544548, 0.10689361), (QUINTILES, 8.327116, 0.003681919)],
)
def test_the_attributable_fraction_and_its_error_in_percent(world, published, error):
    # healthequal prints the value in percent and the error as a share; here both are in percent.
    found = of("paf", world, error_from="counts")
    assert (found.value, found.se) == pytest.approx((published, 100 * error), rel=1e-6)


def squared(population, estimate):
    """The logit line that healthequal fits: people rounded up, events rounded, and people counted twice over."""
    people = np.ceil(population)
    events = np.round(np.array(estimate) / 100 * people)
    rank = (np.cumsum(people) - people / 2) / people.sum()
    design = np.stack([np.ones(rank.size), rank])
    line = np.zeros(2)
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-line @ design))
        weights = people**2
        line += np.linalg.solve(
            design * (weights * fitted * (1 - fitted)) @ design.T, design @ (weights * (events / people - fitted))
        )
    start, end = 1 / (1 + np.exp(-line[0])), 1 / (1 + np.exp(-line.sum()))
    # The robust error HC1 of slope and log ratio, as printed.
    steep = np.array([end * (1 - end) - start * (1 - start), end * (1 - end)])
    turn = np.array([start - end, 1 - end])
    scores = design * (weights * (events / people - fitted))
    bread = np.linalg.inv(design * (weights * fitted * (1 - fitted)) @ design.T)
    spread = bread @ scores @ scores.T @ bread * rank.size / (rank.size - 2)
    return 100 * (end - start), np.sqrt(steep @ spread @ steep), end / start, np.sqrt(turn @ spread @ turn)


@pytest.mark.parametrize(
    ("world", "slope", "slope_error", "ratio", "log_ratio_error"),
    [
        (STEPS, 44.44502, 0.02190822, 3.159506, 0.07644001),
        (QUINTILES, 31.61763, 0.03009635, 1.466089, 0.04372912),
    ],
)
def test_the_logit_line_is_near_that_of_healthequal_which_weights_by_people_squared(
    world, slope, slope_error, ratio, log_ratio_error
):
    assert squared(world["population"], world["estimate"]) == pytest.approx(
        (slope, slope_error, ratio, log_ratio_error), rel=1e-6
    )
    assert of("sii", world, transform="logit").value == pytest.approx(slope, rel=0.02)
    assert of("rii", world, transform="logit").value == pytest.approx(ratio, rel=0.03)


def test_the_gap_between_regions():
    # NonorderedSample: Aceh, the reference, has 95.11784 (error 1.5384434). D is printed as 30.92258 (error 7.217724),
    # which makes the lowest region 64.19526 with error 7.051866; R is printed with the error of its logarithm.
    lowest, error = 95.11784 - 30.92258, np.sqrt(7.217724**2 - 1.5384434**2)
    world = {"estimate": [95.11784, lowest, 80.35694], "se": [1.5384434, error, 3.5440531], "population": None}
    gap = of("d", world, reference=0)
    assert (gap.value, gap.low, gap.high) == pytest.approx((30.92258, 16.7761, 45.06906), rel=1e-6)
    ratio = of("r", world, reference=0)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((1.481696, 1.191918, 1.841924), rel=2e-6)
    assert ratio.se / ratio.value == pytest.approx(0.1110345, rel=1e-5)

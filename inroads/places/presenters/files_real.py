"""The real picture as a CSV file: one row a neighbourhood."""

from collections.abc import Iterator

import numpy as np

from inroads.analytics.published import Published
from inroads.places.presenters.files import Rows
from inroads.places.queries.real import Real

COLUMNS = (
    "neighbourhood_code", "neighbourhood_name", "ward", "risk_share", "real_share", "real_low_90", "real_high_90",
    "evidence", "label", "asked_at_least", "asked_at_most", "digital_only_at_least", "digital_only_at_most",
    "counted_up_to",
)  # fmt: skip


def figures(published: Published, real: Real) -> Iterator[str]:
    """Lines of the file; what is not known is empty. `evidence`: how much of the share comes from conversations."""
    rows, places, seen = Rows(), published.neighbourhoods, real.picture
    yield rows.writerow(list(COLUMNS))
    told = np.isin(seen.label, ("mixed", "real"))
    for at, row in enumerate(real.rows.tolist()):
        yield rows.writerow(
            [
                str(places.code[row]),
                str(places.name[row]),
                str(places.ward[row]),
                _share(real.risk[at]),
                _share(seen.mean[at]) if told[at] else "",
                _share(seen.low[at]) if told[at] else "",
                _share(seen.high[at]) if told[at] else "",
                _share(seen.evidence[at]) if told[at] else "",
                str(seen.label[at]),
                _whole(real.asked_low[at]),
                _whole(real.asked_high[at]),
                _whole(real.digital_low[at]),
                _whole(real.digital_high[at]),
                real.release.until.isoformat(),
            ]
        )


def _share(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else ""


def _whole(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else ""

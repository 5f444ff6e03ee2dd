"""The demonstration's system: there once, with claims that go further than evidence, and a report that is ready."""

import pytest

from inroads.accounts.demonstration import load_demonstration
from inroads.systems.demonstration import load_demonstration_systems, make_demonstration_reports
from inroads.systems.models import Assessment, BoardReport, Evidence, ReportState
from inroads.systems.queries.needles import standings_of

pytestmark = pytest.mark.django_db


def test_it_is_put_in_place_once_and_its_needles_point_apart():
    load_demonstration()
    for _ in range(2):
        load_demonstration_systems()
        make_demonstration_reports()
    closed, begun = Assessment.objects.order_by("recorded_at")
    assert (closed.state, begun.state, begun.after) == ("locked", "open", closed)
    found = {each.criterion.id: each.level for each in standings_of(closed)}
    needles = {name: (level.claimed, level.evidenced, level.experienced) for name, level in found.items()}
    assert needles["codesign"] == (3, 1, 0)
    assert needles["devices_data"] == (2, 1, 1)
    assert found["codesign"].contrary
    assert all("(invented)" in title for title in Evidence.objects.values_list("title", flat=True))
    report = BoardReport.objects.get()
    assert report.state == ReportState.READY
    assert report.facts["against"]

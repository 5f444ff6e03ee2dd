"""The demonstration's plans: a step with a finished cycle and a walk, once, by the actions that pages use."""

import pytest

from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import User
from inroads.places.demonstration import LEAD, load_demonstration_plans
from inroads.places.models import Outreach, SmallStep
from inroads.places.queries.steps import missing_to_scale, standings

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_a_step_with_a_finished_cycle_and_a_walk_once(client):
    load_demonstration()
    load_demonstration_plans()
    load_demonstration_plans()
    (step,) = standings(SmallStep.objects.all())
    assert [each.whole for each in step.cycles] == [True]
    assert missing_to_scale(step) == []
    assert Outreach.objects.get().stops.count() == 2
    user = User.objects.get(email=LEAD)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (f"/places/steps/{step.step.pk}/", "/places/E06000046/steps/", "/places/E06000046/outreach/"):
        shown = client.get(address)
        assert shown.status_code == 200
        assert "(invented)" in shown.content.decode()

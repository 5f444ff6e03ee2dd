"""The invented people of the demonstration."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from inroads.accounts import audit
from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import roles
from inroads.reference.definitions import folder
from inroads.reference.models import Kind, Organisation

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (folder() / "organisations" / "ics.csv").is_file(), reason="definitions/organisations/ics.csv is not there"
    ),
]


def test_there_is_one_person_for_every_role_and_all_can_sign_in(settings):
    people = load_demonstration()
    assert {person.title for person in people} == {role.title for role in roles().values()}
    for person in people:
        user = User.objects.get(email=person.email)
        assert user.check_password(settings.DEMONSTRATION_PASSWORD)
        assert user.memberships.get().holds()
    for membership in Membership.objects.select_related("organisation"):
        assert membership.organisation.kind in roles()[membership.role].held_in


def test_invented_organisations_say_so_and_lie_below_the_isle_of_wight():
    load_demonstration()
    place = Organisation.objects.get(kind=Kind.PLACE)
    assert (place.ons_code, place.parent.ons_code) == ("E06000046", "E54000042")
    invented = Organisation.objects.filter(kind__in=(Kind.PROVIDER, Kind.TEAM, Kind.VOLUNTARY))
    assert invented.count() == 3
    for organisation in invented:
        assert "(invented)" in organisation.name
        assert organisation.path.startswith(place.path)


def test_loading_again_changes_nothing():
    first = load_demonstration()
    before = (list(User.objects.values()), list(Membership.objects.values()), list(Organisation.objects.values()))
    entries = audit.verify().count
    assert load_demonstration() == first
    after = (list(User.objects.values()), list(Membership.objects.values()), list(Organisation.objects.values()))
    assert after == before
    assert audit.verify().count == entries


def test_it_refuses_outside_a_demonstration(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(ImproperlyConfigured, match="not a demonstration"):
        load_demonstration()
    assert not User.objects.exists()

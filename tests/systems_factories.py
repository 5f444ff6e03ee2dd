"""Systems for tests, with people who assess, lead, review and read; made by the actions that pages use."""

from datetime import date

from inroads.accounts.models import Membership, User
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

BEGAN = date(2026, 1, 1)
PASSWORD = "three unlikely words"


def make_tree(regions: int = 2, systems: int = 2) -> list[Organisation]:
    """England with regions, and systems in each; the systems, region by region."""
    england = Organisation.objects.filter(kind=Kind.ENGLAND).first()
    england = england or add_organisation(kind=Kind.ENGLAND, name="England", parent=None)
    made = []
    for number in range(1, regions + 1):
        region = add_organisation(kind=Kind.REGION, name=f"Region {number}", parent=england)
        made += [
            add_organisation(kind=Kind.ICS, name=f"System {number}.{each}", parent=region)
            for each in range(1, systems + 1)
        ]
    return made


def make_member(organisation: Organisation, role: str, name: str = "") -> User:
    """Somebody with a role in an organisation."""
    name = name or f"{role.replace('_', ' ').title()} of {organisation.name}"
    email = f"{name.lower().replace(' ', '.')}@systems.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name, PASSWORD)
    Membership.objects.create(user=user, role=role, organisation=organisation, starts_on=BEGAN)
    return user

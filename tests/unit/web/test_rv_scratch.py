import re
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from test_monday import BACKEND, signed_in, team, place, lead, released, _more
from directory_factories import make_touchpoint
pytestmark = pytest.mark.django_db

def show(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    print("\n==", address, len(asked), "of memberships", sum('"accounts_membership"."starts_on" <=' in q["sql"] or 'FROM "accounts_membership"' in q["sql"] for q in asked.captured_queries))
    for q in asked.captured_queries:
        t = re.findall(r'(?:FROM|INTO|UPDATE) "(\w+)"', q["sql"])
        print("   ", t, q["sql"][:60].replace("\n"," "), "...", q["sql"][-110:])

def test_empty(lead, place, team):
    c = signed_in(lead)
    show(c, reverse("monday"))
    released(place, found_at="E01017363")
    _more(place, team, lead, make_touchpoint(place, by=lead))
    show(c, reverse("monday"))
    for n in ("access","siting","listen","steps","outreaches","real"):
        show(c, reverse("places:"+n, args=["E06000046"]))

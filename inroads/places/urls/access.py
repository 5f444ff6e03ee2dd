"""Addresses of the help there is, and of where more would go. Open to everybody: only what everybody may see counts."""

from inroads.accounts.routes import ANYONE, page
from inroads.places.views import access, siting

urlpatterns = [
    page("<area:code>/access/", access.access, name="access", needs=ANYONE),
    page("<area:code>/access.csv", access.access_file, name="access_file", needs=ANYONE),
    page("<area:code>/siting/", siting.siting, name="siting", needs=ANYONE),
    page("<area:code>/siting/longer/", siting.look_longer, name="look_longer", needs=ANYONE),
]

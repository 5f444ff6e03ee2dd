"""Addresses of what conversations found. What somebody sees there depends on what was released to them."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.places.views import listen, needs, real

urlpatterns = [
    page("<area:code>/real/", real.real, name="real", needs=ANYONE),
    page("<area:code>/real.csv", real.real_file, name="real_file", needs=ANYONE),
    page("<area:code>/listen/", listen.listen, name="listen", needs=(Permission.SEE_PICTURE, Permission.PLAN_STEPS)),
    page("<area:code>/needs/", needs.needs, name="needs", needs=ANYONE),
]

"""Addresses of the landscape and its waves."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.systems.views import landscape as views
from inroads.systems.views import waves

SEE = Permission.SEE_LANDSCAPE
KEEP = Permission.KEEP_RETURNS

urlpatterns = [
    page("landscape/", views.landscape, name="landscape", needs=SEE),
    page("landscape/<uuid:wave>/", views.landscape_of, name="landscape_of", needs=SEE),
    page("landscape/<uuid:wave>/needles/", views.needles, name="landscape_needles", needs=SEE),
    page("landscape/<uuid:wave>/file/", views.file, name="landscape_file", needs=SEE),
    page("landscape/<uuid:wave>/published/", views.published, name="landscape_published", needs=ANYONE),
    page("<uuid:system>/landscape/", views.own, name="landscape_own", needs=Permission.SEE_SYSTEM),
    page("waves/", waves.waves, name="waves", needs=KEEP),
    page("waves/new/", waves.new, name="wave_new", needs=KEEP),
    page("waves/published/", waves.load, name="wave_load", needs=KEEP),
    page("waves/<uuid:wave>/", waves.wave, name="wave", needs=KEEP),
    page("waves/<uuid:wave>/scores/", waves.scores, name="wave_scores", needs=KEEP),
    page("waves/<uuid:wave>/take/", waves.take, name="wave_take", needs=KEEP),
    page("waves/<uuid:wave>/hide/", waves.hide, name="wave_hide", needs=KEEP),
]

"""The front door's addresses."""

from django.conf import settings

from inroads.accounts.routes import ANYONE, page
from inroads.web import health, views

urlpatterns = [
    page("", views.home, name="home", needs=ANYONE),
    page("about/", views.about, name="about", needs=ANYONE),
    page("accessibility/", views.accessibility, name="accessibility", needs=ANYONE),
    page("data-sets/", views.data_sets, name="data_sets", needs=ANYONE),
    page("data-sets/<slug:source>/", views.data_set, name="data_set", needs=ANYONE),
    page("health/live", health.live, name="health_live", needs=ANYONE),
    page("health/ready", health.ready, name="health_ready", needs=ANYONE),
    page("health/work", health.work, name="health_work", needs=ANYONE),
]
if settings.GALLERY:
    from inroads.web import gallery

    urlpatterns.append(page("gallery/", gallery.gallery, name="gallery", needs=ANYONE))

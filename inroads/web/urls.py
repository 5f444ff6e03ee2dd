"""The front door's addresses."""

from django.conf import settings
from django.urls import include, path

from inroads.accounts.routes import ANYONE, page
from inroads.places.permissions import SEES_PLANS
from inroads.web import health, views
from inroads.web.monday import views as monday

urlpatterns = [
    page("", views.home, name="home", needs=ANYONE),
    page("about/", views.about, name="about", needs=ANYONE),
    page("accessibility/", views.accessibility, name="accessibility", needs=ANYONE),
    page("data-sets/", views.data_sets, name="data_sets", needs=ANYONE),
    page("data-sets/<slug:source>/", views.data_set, name="data_set", needs=ANYONE),
    path("design-check/", include("inroads.web.design_check.urls")),
    page("monday/", monday.monday, name="monday", needs=SEES_PLANS),
    page("health/live", health.live, name="health_live", needs=ANYONE),
    page("health/ready", health.ready, name="health_ready", needs=ANYONE),
    page("health/work", health.work, name="health_work", needs=ANYONE),
]
if settings.GALLERY:
    from inroads.web import gallery

    urlpatterns.append(page("gallery/", gallery.gallery, name="gallery", needs=ANYONE))

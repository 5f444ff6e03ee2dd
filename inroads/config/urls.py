"""Root addresses. Each room brings its own; the front door comes last because it holds the shortest ones."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("inroads.accounts.urls")),
    path("api/open-referral-uk/", include("inroads.interop.open_referral.urls")),
    path("directory/feeds/", include("inroads.interop.open_referral.loading")),
    path("directory/", include("inroads.directory.urls")),
    path("learning/", include("inroads.learning.urls")),
    path("people/", include("inroads.people.urls")),
    path("places/", include("inroads.places.urls")),
    path("post/", include("inroads.post.urls")),
    path("releases/", include("inroads.released.urls")),
    path("systems/returns/", include("inroads.interop.documents.urls")),
    path("systems/", include("inroads.interop.qdpx.urls")),
    path("systems/", include("inroads.systems.urls")),
    path("r/", include("inroads.people.urls.answers")),
    path("", include("inroads.web.urls")),
]

handler400 = "inroads.web.views.bad_request"
handler403 = "inroads.web.views.forbidden"
handler404 = "inroads.web.views.not_found"
handler500 = "inroads.web.views.server_error"

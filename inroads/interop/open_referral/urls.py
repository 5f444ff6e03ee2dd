"""Addresses of the open directory, as HSDS-UK 3.0 names them: without a slash at the end."""

from inroads.accounts.routes import ANYONE, page
from inroads.interop.open_referral import views

app_name = "open_referral"
urlpatterns = [
    page("", views.details, name="details", needs=ANYONE),
    page("openapi.json", views.contract, name="contract", needs=ANYONE),
    page("services", views.services, name="services", needs=ANYONE),
    page("services/<str:id>", views.service, name="service", needs=ANYONE),
    page("organizations", views.organizations, name="organizations", needs=ANYONE),
    page("organizations/<str:id>", views.organization, name="organization", needs=ANYONE),
    page("service_at_locations", views.service_at_locations, name="service_at_locations", needs=ANYONE),
    page("service_at_locations/<str:id>", views.service_at_location, name="service_at_location", needs=ANYONE),
    page("taxonomies", views.taxonomies, name="taxonomies", needs=ANYONE),
    page("taxonomies/<str:id>", views.taxonomy, name="taxonomy", needs=ANYONE),
    page("taxonomy_terms", views.taxonomy_terms, name="taxonomy_terms", needs=ANYONE),
    page("taxonomy_terms/<str:id>", views.taxonomy_term, name="taxonomy_term", needs=ANYONE),
    # Whatever else is asked for here is answered in the same language.
    page("<path:rest>", views.nothing, name="nothing", needs=ANYONE),
]

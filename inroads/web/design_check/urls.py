"""Addresses of the service design check: for those who draw pathways, and those who see the picture of their place."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.web.design_check import views

app_name = "design_check"
DRAW = Permission.DESIGN_PATHWAYS
READ = (DRAW, Permission.SEE_PICTURE)
ONE = "<uuid:pathway>/"

urlpatterns = [
    page("", views.pathways, name="pathways", needs=READ),
    page(ONE, views.pathway, name="pathway", needs=READ),
    page(f"{ONE}print/", views.paper_file, name="paper_file", needs=READ),
    page(f"{ONE}stages/<int:stage>/another-way/", views.another_way, name="another_way", needs=DRAW),
]

"""Addresses of pathways: read by those who work with people, drawn by place leads."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import pathways

DRAW = Permission.DESIGN_PATHWAYS
READ = (Permission.WORK_WITH_PEOPLE, DRAW)
ONE = "pathways/<uuid:pathway>/"

urlpatterns = [
    page("pathways/", pathways.pathways, name="pathways", needs=READ),
    page("pathways/add/", pathways.add_pathway, name="add_pathway", needs=DRAW),
    page(ONE, pathways.pathway, name="pathway", needs=READ),
    page(f"{ONE}stages/add/", pathways.add_stage, name="add_stage", needs=DRAW),
    page(f"{ONE}stages/<int:stage>/remove/", pathways.remove_stage, name="remove_stage", needs=DRAW),
    page(f"{ONE}stages/<int:stage>/ways/add/", pathways.add_option, name="add_option", needs=DRAW),
    page(f"{ONE}ways/<int:option>/remove/", pathways.remove_option, name="remove_option", needs=DRAW),
    page(f"{ONE}ways/<int:option>/leaving/", pathways.toggle_leaving, name="toggle_leaving", needs=DRAW),
    page(f"{ONE}publish/", pathways.publish, name="publish", needs=DRAW),
]

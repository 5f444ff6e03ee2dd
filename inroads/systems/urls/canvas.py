"""Addresses of the canvas."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import canvas as views

SEE = Permission.SEE_SYSTEM
HERE = "<uuid:system>/canvas/"

urlpatterns = [
    page(HERE, views.canvas, name="canvas", needs=SEE),
    # What is a fixed word stands before what is a cell.
    page(f"{HERE}print/", views.printed, name="canvas_print", needs=SEE),
    page(f"{HERE}<slug:dimension>/", views.cell, name="canvas_cell", needs=SEE),
    page(f"{HERE}<slug:dimension>/write/", views.write, name="canvas_write", needs=Permission.ASSESS),
]

"""Addresses of board reports."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import board as views

SEE, LEAD = Permission.SEE_SYSTEM, Permission.LEAD_ASSESSMENT
REPORT = "board/<uuid:report>/"

urlpatterns = [
    page("<uuid:system>/board/", views.reports, name="board", needs=SEE),
    page("<uuid:system>/board/new/", views.new, name="board_new", needs=LEAD),
    page(REPORT, views.report, name="board_report", needs=SEE),
    page(f"{REPORT}progress/", views.progress, name="board_progress", needs=SEE),
    page(f"{REPORT}paper/", views.as_pdf, name="board_pdf", needs=SEE),
    page(f"{REPORT}check/", views.check, name="board_check", needs=LEAD),
]

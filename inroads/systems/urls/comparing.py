"""Addresses of voices side by side."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.systems.views import comparing as views
from inroads.systems.views import comparing_voices as voices

SEES = (Permission.SEE_SYSTEM, Permission.SEE_LANDSCAPE)
CHANGES = (Permission.ASSESS, Permission.KEEP_RETURNS)
ONE = "comparisons/<uuid:comparison>/"
OPEN = "voices/published/<uuid:comparison>/"

urlpatterns = [
    page("<uuid:system>/voices/", views.of_system, name="comparisons", needs=Permission.SEE_SYSTEM),
    page("<uuid:system>/voices/new/", views.new_of_system, name="comparison_new", needs=Permission.ASSESS),
    page("voices/", views.national, name="comparisons_national", needs=Permission.SEE_LANDSCAPE),
    page("voices/new/", views.new_national, name="comparison_new_national", needs=Permission.KEEP_RETURNS),
    page("voices/load/<slug:definition>/", views.load, name="comparison_load", needs=Permission.KEEP_RETURNS),
    page(OPEN, views.published, name="comparison_published", needs=ANYONE),
    page(f"{OPEN}questions/", views.published_questions, name="comparison_published_questions", needs=ANYONE),
    page(ONE, views.comparison, name="comparison", needs=SEES),
    page(f"{ONE}questions/", views.questions, name="comparison_questions", needs=SEES),
    page(f"{ONE}take-back/", views.take_back, name="comparison_take_back", needs=CHANGES),
    page(f"{ONE}voices/new/", voices.new, name="comparison_voice_new", needs=CHANGES),
    page(f"{ONE}voices/records/", voices.records, name="comparison_voice_records", needs=Permission.ASSESS),
    page(f"{ONE}voices/key-line/", voices.key_line, name="comparison_voice_key_line", needs=Permission.KEEP_RETURNS),
    page(f"{ONE}voices/<int:voice>/", voices.change, name="comparison_voice_change", needs=CHANGES),
    page(f"{ONE}voices/<int:voice>/take-back/", voices.take_back, name="comparison_voice_take_back", needs=CHANGES),
    page(f"{ONE}explanations/<int:number>/", voices.contrast, name="comparison_contrast_new", needs=CHANGES),
    page(
        f"{ONE}contrasts/<int:contrast>/take-back/",
        voices.take_contrast_back,
        name="comparison_contrast_take_back",
        needs=CHANGES,
    ),
]

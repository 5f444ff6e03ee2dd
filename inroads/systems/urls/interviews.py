"""Addresses of interviews and stories; the last ones are open to everybody, and some take a code."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.systems.views import interviews as views
from inroads.systems.views import own_words, quotes, stories

KEEP = Permission.KEEP_INTERVIEWS
ALL = "<uuid:system>/interviews/"
ONE = f"{ALL}<uuid:interview>/"
QUOTE = "<uuid:system>/quotes/<uuid:quote>/"
OWN = "your-words/<str:code>/"
STORY = "stories/<uuid:case>/"

urlpatterns = [
    page(ALL, views.interviews, name="interviews", needs=KEEP),
    page(f"{ALL}new/", views.new, name="interview_new", needs=KEEP),
    page(f"{ALL}themes/", views.themes, name="interview_themes", needs=KEEP),
    page(f"{ALL}sheet/", views.blank_sheet, name="interview_blank_sheet", needs=KEEP),
    page(f"{ALL}corrections/", views.corrections, name="interview_corrections", needs=KEEP),
    page(f"{ALL}corrections/<int:correction>/", views.answer, name="interview_answer", needs=KEEP),
    page(ONE, views.interview, name="interview", needs=KEEP),
    page(f"{ONE}consent/", views.consent, name="interview_consent", needs=KEEP),
    page(f"{ONE}take-back/", views.take_back, name="interview_take_back", needs=KEEP),
    page(f"{ONE}sheet/", views.sheet, name="interview_sheet", needs=KEEP),
    page(f"{ONE}own-page/", views.own_page, name="interview_own_page", needs=KEEP),
    page(f"{ONE}correct/", views.correct, name="interview_correct", needs=KEEP),
    page(f"{ONE}told/", views.told, name="interview_told", needs=KEEP),
    page(f"{ONE}quotes/new/", quotes.new, name="quote_new", needs=KEEP),
    page(f"{QUOTE}correct/", quotes.correct, name="quote_correct", needs=KEEP),
    page(f"{QUOTE}check/", quotes.check, name="quote_check", needs=KEEP),
    page(f"{QUOTE}take-back/", quotes.take_back, name="quote_take_back", needs=KEEP),
    page(f"{QUOTE}evidence/", quotes.evidence, name="quote_evidence", needs=KEEP),
    page("<uuid:system>/stories/", stories.stories, name="stories", needs=KEEP),
    page("<uuid:system>/stories/new/", stories.new, name="story_new", needs=KEEP),
    page(f"{STORY}change/", stories.change, name="story_change", needs=KEEP),
    page(f"{STORY}publish/", stories.publish, name="story_publish", needs=KEEP),
    page(STORY, stories.story, name="story", needs=ANYONE),
    page("stories/", stories.open_stories, name="stories_open", needs=ANYONE),
    page("your-words/", own_words.enter, name="own_words_enter", needs=ANYONE),
    page(OWN, own_words.page, name="own_words", needs=ANYONE),
    page(f"{OWN}agree/", own_words.consent, name="own_words_consent", needs=ANYONE),
    page(f"{OWN}not-right/", own_words.correct, name="own_words_not_right", needs=ANYONE),
    page(f"{OWN}print/", own_words.printed, name="own_words_printed", needs=ANYONE),
    page(f"{OWN}<uuid:quote>/", own_words.correct, name="own_words_correct", needs=ANYONE),
]

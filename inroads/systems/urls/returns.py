"""Addresses of returns: loading is elsewhere; reading, agreeing, settling and the key lines of enquiry are here."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import coding, key_lines, returns, settling

READ, KEEP = Permission.READ_RETURNS, Permission.KEEP_RETURNS
RETURN = "returns/<uuid:return_id>/"
WAVE = "waves/<uuid:wave>/"

urlpatterns = [
    page("returns/", returns.returns, name="returns", needs=(READ, KEEP)),
    page(RETURN, returns.one, name="return", needs=(READ, KEEP)),
    page(f"{RETURN}file/", returns.file, name="return_file", needs=(READ, KEEP)),
    page(f"{RETURN}readers/", returns.give, name="return_give", needs=KEEP),
    page(f"{RETURN}readers/<int:number>/", returns.give_on, name="return_give_on", needs=KEEP),
    page(f"{RETURN}read/", coding.last, name="coding", needs=READ),
    page(f"{RETURN}read/<int:number>/", coding.passages, name="coding_page", needs=READ),
    page(f"{RETURN}scores/", coding.scores, name="coding_scores", needs=READ),
    page(f"{RETURN}scores/<slug:criterion>/", coding.score, name="coding_score", needs=READ),
    page(f"{RETURN}finish/", coding.finish, name="coding_finish", needs=READ),
    page(f"{RETURN}settle/", settling.differences, name="settle", needs=KEEP),
    page(f"{RETURN}settle/<slug:criterion>/", settling.settle, name="settle_criterion", needs=KEEP),
    page(f"{RETURN}trace/<slug:criterion>/", settling.trace, name="return_trace", needs=(READ, KEEP)),
    page(f"{WAVE}agreement/", returns.agreement, name="return_agreement", needs=KEEP),
    page(f"{WAVE}key-lines/", key_lines.key_lines, name="key_lines", needs=(KEEP, Permission.SEE_LANDSCAPE)),
    page(
        f"{WAVE}key-lines/<slug:key_line>/<uuid:system>/",
        key_lines.answer,
        name="key_line_answer",
        needs=(READ, KEEP),
    ),
    page("<uuid:system>/returns/", returns.of_system, name="returns_of_system", needs=Permission.ASSESS),
]

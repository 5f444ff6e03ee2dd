"""Addresses of peer review, of handing in and closing an assessment, and of comparing it with the one before."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import moves, reviews

LEAD = Permission.LEAD_ASSESSMENT
REVIEW = Permission.REVIEW_ASSESSMENTS
READS = (Permission.SEE_SYSTEM, Permission.REVIEW_ASSESSMENTS)
ONE = "reviews/<uuid:assessment>/"
HERE = "assessments/<uuid:assessment>/"

# What ends in a fixed word stands before what ends in a criterion.
urlpatterns = [
    page("reviews/", reviews.listed, name="reviews", needs=REVIEW),
    page(ONE, reviews.review, name="review", needs=REVIEW),
    page(f"{ONE}finish/", reviews.finish, name="review_finish", needs=REVIEW),
    page(f"{ONE}evidence/<uuid:evidence>/", reviews.verdict, name="review_evidence", needs=REVIEW),
    page(f"{ONE}<slug:criterion>/", reviews.criterion, name="review_criterion", needs=REVIEW),
    page(f"{HERE}reviewers/", moves.invite, name="review_invite", needs=LEAD),
    page(f"{HERE}reviewers/<int:invitation>/end/", moves.end_invitation, name="review_end", needs=LEAD),
    page(f"{HERE}review/", moves.said, name="review_said", needs=READS),
    page(f"{HERE}review/<slug:criterion>/", moves.answer, name="review_answer", needs=READS),
    page(f"{HERE}hand-in/", moves.hand_in, name="assessment_submit", needs=LEAD),
    page(f"{HERE}reopen/", moves.reopen, name="assessment_reopen", needs=LEAD),
    page(f"{HERE}close/", moves.close, name="assessment_close", needs=LEAD),
    page(f"{HERE}history/", moves.moves, name="assessment_moves", needs=READS),
    page(f"{HERE}compare/", moves.compare, name="assessment_compare", needs=READS),
]

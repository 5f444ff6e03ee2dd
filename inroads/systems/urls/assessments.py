"""Addresses of the framework, of self-assessments and of evidence."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.systems.views import assessments, evidence, framework

SEES = Permission.SEE_SYSTEM
READS = (Permission.SEE_SYSTEM, Permission.REVIEW_ASSESSMENTS)
ASSESSES, LEADS = Permission.ASSESS, Permission.LEAD_ASSESSMENT
EDITION = "framework/<slug:edition>/"
ONE = "assessments/<uuid:assessment>/"
PART = f"{ONE}criteria/<slug:criterion>/"
PIECE = "evidence/<uuid:evidence>/"
NEW = "<uuid:system>/evidence/new/"

urlpatterns = [
    page("framework/", framework.framework, name="framework", needs=ANYONE),
    page(EDITION, framework.edition, name="framework_edition", needs=ANYONE),
    page(f"{EDITION}<slug:criterion>/", framework.criterion, name="framework_criterion", needs=ANYONE),
    page("<uuid:system>/assessments/", assessments.assessments, name="assessments", needs=SEES),
    page("<uuid:system>/assessments/begin/", assessments.begin, name="assessment_begin", needs=LEADS),
    page(ONE, assessments.assessment, name="assessment", needs=READS),
    page(f"{ONE}parts/", assessments.parts, name="assessment_parts", needs=LEADS),
    page(PART, assessments.criterion, name="assessment_criterion", needs=READS),
    page(f"{PART}finished/", assessments.finished, name="assessment_finished", needs=ASSESSES),
    page("<uuid:system>/evidence/", evidence.evidence_list, name="evidence_list", needs=SEES),
    page(NEW, evidence.new, name="evidence_new", needs=SEES),
    page(f"{NEW}<slug:criterion>/<slug:element>/", evidence.add, name="evidence_add", needs=SEES),
    page(PIECE, evidence.evidence, name="evidence", needs=READS),
    page(f"{PIECE}withdraw/", evidence.withdraw, name="evidence_withdraw", needs=SEES),
    page("evidence/files/<int:file>/", evidence.file, name="evidence_file", needs=READS),
]

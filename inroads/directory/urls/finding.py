"""Addresses for everybody who looks for help."""

from inroads.accounts.routes import ANYONE, page
from inroads.directory.views import finding

urlpatterns = [
    page("", finding.find, name="find", needs=ANYONE),
    page("list.pdf", finding.printed, name="printed", needs=ANYONE),
    page("services/<uuid:service>/", finding.service, name="service", needs=ANYONE),
]

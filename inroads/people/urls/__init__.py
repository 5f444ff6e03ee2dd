"""Which addresses the people loop has."""

from inroads.people.urls import choices, conversations, offers, own, paper, pathways, plans, records, timeline

app_name = "people"
# Those with words in the place of a person's id come first.
urlpatterns = [
    *own.urlpatterns,
    *offers.urlpatterns,
    *pathways.urlpatterns,
    *plans.urlpatterns,
    *records.urlpatterns,
    *conversations.urlpatterns,
    *choices.urlpatterns,
    *paper.urlpatterns,
    *timeline.urlpatterns,
]

"""Which addresses the people loop has."""

from inroads.people.urls import choices, conversations, mentors, offers, own, paper, pathways, plans, records, timeline

app_name = "people"
# Those with words in the place of a person's id come first.
urlpatterns = [
    *own.urlpatterns,
    *offers.urlpatterns,
    *pathways.urlpatterns,
    *plans.urlpatterns,
    *mentors.urlpatterns,
    *records.urlpatterns,
    *conversations.urlpatterns,
    *choices.urlpatterns,
    *paper.urlpatterns,
    *timeline.urlpatterns,
]

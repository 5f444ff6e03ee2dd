"""Which addresses the people loop has."""

from inroads.people.urls import (
    choices,
    conversations,
    lending,
    mentors,
    own,
    paper,
    pathways,
    plans,
    records,
    referrals,
    timeline,
)

app_name = "people"
# Those with words in the place of a person's id come first.
urlpatterns = [
    *own.urlpatterns,
    *pathways.urlpatterns,
    *plans.urlpatterns,
    *lending.urlpatterns,
    *referrals.urlpatterns,
    *mentors.urlpatterns,
    *records.urlpatterns,
    *conversations.urlpatterns,
    *choices.urlpatterns,
    *paper.urlpatterns,
    *timeline.urlpatterns,
]

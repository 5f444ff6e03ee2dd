"""Addresses for answers without an account: short, because they travel in text messages and are typed from letters."""

from inroads.accounts.routes import ANYONE, page
from inroads.people.views import answers

app_name = "answers"
urlpatterns = [
    page("", answers.enter, name="enter", needs=ANYONE),
    page("<str:code>/", answers.receiver, name="receiver", needs=ANYONE),
    page("<str:code>/helped/", answers.person, name="person", needs=ANYONE),
]

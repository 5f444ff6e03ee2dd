"""The people loop as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "inroads.people"
    label = "people"
    verbose_name = "People loop"

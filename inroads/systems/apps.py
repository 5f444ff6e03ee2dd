"""Systems as a Django application."""

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "inroads.systems"

"""The front door as a Django application: its templates and error pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "inroads.web"

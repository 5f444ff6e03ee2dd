"""Design as a Django application."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "inroads.design"

"""Places as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "inroads.places"

"""Tells Django about this room."""

from django.apps import AppConfig


class ReleasedConfig(AppConfig):
    name = "inroads.released"
    label = "released"

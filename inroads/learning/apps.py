"""Tells Django about this room."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "inroads.learning"
    label = "learning"

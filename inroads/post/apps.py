"""Tells Django about this room."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "inroads.post"
    label = "post"

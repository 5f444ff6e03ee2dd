"""Tells Django about this room."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "inroads.directory"
    label = "directory"

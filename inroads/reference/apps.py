"""The shared nouns as a Django application."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "inroads.reference"
    label = "reference"
    verbose_name = "Shared nouns"

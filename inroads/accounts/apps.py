"""The room of accounts, as Django loads it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "inroads.accounts"
    label = "accounts"
    verbose_name = "Who may see what"

    def ready(self) -> None:
        from inroads.accounts import sign_in_events

        sign_in_events.connect()

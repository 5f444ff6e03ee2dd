"""The room of accounts, as Django loads it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "inroads.accounts"
    label = "accounts"
    verbose_name = "Who may see what"

    def ready(self) -> None:
        from inroads.accounts.sign_in import events

        events.connect()

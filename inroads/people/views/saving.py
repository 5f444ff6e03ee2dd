"""Moved to `inroads.accounts.saving`."""

from inroads.accounts.saving import saved as saved

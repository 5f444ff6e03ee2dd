#!/usr/bin/env python
"""Django's own commands (`check`, `makemigrations`, `migrate`, `shell`). Everything else is `inroads`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inroads.config.settings.demonstration")
    execute_from_command_line(sys.argv)

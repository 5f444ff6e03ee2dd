"""The Jinja environment: our templates, the NHS components, and the few names every template may use."""

import json
from datetime import date, datetime

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from inroads.design.forms import FOR_TEMPLATES


def environment(**options) -> Environment:
    """Called by Django with its own options (`loader` is set from DIRS)."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    # The NHS components read parameters that were not given.
    options["undefined"] = ChainableUndefined
    options["autoescape"] = True
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - set in the line above
    made.globals.update(static=static, url=url, **FOR_TEMPLATES)
    made.filters.update(day=day, moment=moment, thousands=thousands, to_json=to_json)
    return made


def url(name: str, **arguments) -> str:
    """The address of a named page."""
    return reverse(name, kwargs=arguments or None)


def day(value: date) -> str:
    """23 November 2026, as NHS pages write dates."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | str) -> str:
    """23 November 2026 at 9:05am, in the service's own time zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def thousands(value: float) -> str:
    """1,702 and not 1702."""
    return f"{value:,.0f}"


def to_json(value) -> Markup:
    """JSON for a `<script type="application/json">` block: nothing in it can close the block."""
    text = json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 - escaped in the line above

"""The Jinja environment: our templates, the NHS components, and the few names every template may use."""

import json

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from inroads.design.forms import FOR_TEMPLATES
from inroads.design.wording import as_the_crow_flies, clock, day, moment, percent, thousands


def environment(**options) -> Environment:
    """Called by Django with its own options (`loader` is set from DIRS)."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    # The NHS components read parameters that were not given.
    options["undefined"] = ChainableUndefined
    options["autoescape"] = True
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - set in the line above
    made.globals.update(static=static, url=url, **FOR_TEMPLATES)
    made.filters.update(
        as_the_crow_flies=as_the_crow_flies,
        clock=clock,
        day=day,
        moment=moment,
        percent=percent,
        thousands=thousands,
        to_json=to_json,
    )
    return made


def url(name: str, **arguments) -> str:
    """The address of a named page."""
    return reverse(name, kwargs=arguments or None)


def to_json(value) -> Markup:
    """JSON for a `<script type="application/json">` block: nothing in it can close the block."""
    text = json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 - escaped in the line above

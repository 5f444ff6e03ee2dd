"""Whose figures a page stands on, and from which years: they follow the weights the reader chose."""

from inroads.analytics.published import Published
from inroads.places.queries import indicators
from inroads.places.queries.picture import Weights, counted
from inroads.reference.definitions import load
from inroads.reference.definitions.figures import Source

# What a map and its table are drawn from besides the index.
_DRAWN_FROM = ("boundaries_lsoa21", "boundaries_ltla24", "boundaries_icb22", "centroids_lsoa21")


def index_sources(weights: Weights) -> list[Source]:
    """The published sources of the parts that count, each once, in the order of the parts."""
    known = load(Source)
    return [known[name] for name in dict.fromkeys(indicators()[part].source for part in counted(weights))]


def years(weights: Weights) -> str:
    """From when to when the figures of the index are: "from 2011 to 2022"."""
    spans = [source.years for source in index_sources(weights)]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return f"from {first} to {last}" if first < last else f"from {first}"


def attributions(published: Published, weights: Weights) -> list[str]:
    """The credits that a picture of risk has to carry, each once: for the index, the people counted and the map."""
    loaded = {each.source_id: each.attribution for each in published.datasets}
    used = [source.id for source in index_sources(weights)]
    used += [name for name in _DRAWN_FROM if name in loaded]
    found = list(dict.fromkeys(loaded[name] for name in used if loaded.get(name)))
    return [credit for credit in found if not any(credit in other for other in found if other != credit)]

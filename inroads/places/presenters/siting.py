"""A plan for more places in words: why each was picked, whom the plan reaches, and a map with numbered picks."""

from functools import lru_cache

import numpy as np
from django.urls import reverse
from markupsafe import Markup

from inroads.analytics.published import Area, Published
from inroads.design import maps
from inroads.design.wording import percent, thousands
from inroads.places.presenters.map import drawn
from inroads.places.queries.picture import Picture
from inroads.places.queries.siting import CENTRES, LEAST, TWICE, Pick, Plan, Question

LOOKS = {-1: "no-figure", 0: "risk-5", 1: "risk-1", 2: "risk-3"}
IN_WORDS = {-1: "not known", 0: "not in reach", 1: "in reach of what is there", 2: "in reach with the plan"}


def sentence(pick: Pick, asked: Question) -> str:
    """Why this one, in words: whom it adds, how many of them live where risk is highest, who would be left."""
    who = whom(asked)
    if pick.serves is not None:
        room = asked.asked.room or 0
        return (
            f"{named(pick, asked)} serves {thousands(pick.serves)} {who}, with room for {thousands(room)}; "
            f"{thousands(pick.alone)} have no other place of the plan in reach."
        )
    risk = percent(pick.at_risk / pick.adds) if pick.adds else "0%"
    kept = "no place that stays" if asked.kept else "nothing"
    words = f"{named(pick, asked)} reaches {thousands(pick.adds)} {who} whom {kept} and no pick above reaches"
    words += f"; {risk} of them live where risk is highest."
    if round(pick.alone) < round(pick.adds):
        words += f" Without it, {thousands(pick.alone)} would be left with none, as later picks reach the others."
    return words


def whom(asked: Question) -> str:
    """Who is counted: people, or an estimate of those who would be left out."""
    return "people who would be left out (estimated)" if asked.estimates else "people"


def named(pick: Pick, asked: Question) -> str:
    """The name of where it would be."""
    return f"The middle of {pick.site.name}" if asked.asked.candidates == CENTRES else pick.site.name


def bound_in_words(plan: Plan, asked: Question) -> str:
    """What no plan could exceed, and how near this one comes."""
    number = asked.asked.open_new
    limit = f"{number} more {'place' if number == 1 else 'places'}"
    if asked.asked.fair == TWICE:
        said = (
            f"Counting people where risk is highest twice, this plan comes to {thousands(plan.scored)}, and no plan "
            f"with {limit} could come to more than {thousands(plan.bound)}."
        )
    else:
        share = percent(min(plan.bound / plan.people, 1.0)) if plan.people else "0%"
        verb = "serve" if asked.asked.room else "reach"
        said = f"No plan with {limit} could {verb} more than {thousands(plan.bound)} {whom(asked)} ({share})."
    if plan.quick and asked.asked.fair == LEAST:
        return (
            said + " There was no time yet to give the fifth that is reached least more weight: all count alike here."
        )
    if asked.asked.fair == LEAST:
        lost = plan.bound - plan.scored
        return said + (f" Fairness costs at most {thousands(lost)} people reached." if lost >= 1 else "")
    if plan.proven:
        return said + " So this plan is as good as any, to 1 in 10,000."
    return said + f" A better plan, if there is one, reaches at most {thousands(plan.bound - plan.scored)} more."


def least_in_words(plan: Plan) -> str:
    """What giving the worst-reached fifth more weight has done for it; "" where it was not asked or not known."""
    shares = [each.after / each.people for each in plan.fifths if each.people]
    if not shares or not np.isfinite(plan.least_alike):
        return ""
    return (
        f"Of the fifth that is reached least, {percent(min(shares))} are reached. In the plan where everybody counts "
        f"alike it would be {percent(plan.least_alike)}."
    )


@lru_cache(maxsize=64)
def plan_map(published: Published, area: Area, seen: Picture, plan: Plan) -> Markup:
    """The map with whom the plan reaches, and the picks by number; nothing where no centres are loaded."""
    paths = drawn(published, area.code)
    if paths.within is None:
        return Markup("")
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"})
    order = np.argsort(-plan.zones, kind="stable")
    shapes = []
    for at in order.tolist():
        if paths.paths[at]:
            row, zone = seen.rows[at], int(plan.zones[at])
            title = f"{places.name[row]}: {IN_WORDS[zone]}"
            shapes.append((paths.paths[at], LOOKS[zone], pattern.replace("E00000000", str(places.code[row])), title))
    where = np.array([(each.site.easting, each.site.northing) for each in plan.picks], dtype=float).reshape(-1, 2)
    points = [(x, y) for x, y in paths.within.units(where).tolist()]
    texts = [str(number) for number in range(1, len(points) + 1)]
    spots = maps.spread(points, texts, paths.within)
    return maps.drawing(
        shapes,
        label=f"Map of {area.name}: {len(points)} numbered picks, and who has them in reach",
        within=paths.within,
        outlines=paths.outlines,
        borders=[*paths.borders, *(maps.dot(point, paths.within, 7) for point in where)],
        names=[(x, y, text) for (x, y), text in zip(spots, texts, strict=True)],
        pointers=[(*point, *spot) for point, spot in zip(points, spots, strict=True) if point != spot],
    )


def key(plan: Plan) -> list[dict[str, str]]:
    """What the shades mean, those that occur, darkest first."""
    there = set(plan.zones.tolist())
    return [{"look": LOOKS[zone], "text": IN_WORDS[zone]} for zone in (0, 2, 1, -1) if zone in there]

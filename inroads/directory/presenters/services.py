"""How a service is said: what is known, how we know it, and what is not known."""

from dataclasses import dataclass

from django.utils import timezone

from inroads.design.wording import WEEKDAYS, as_the_crow_flies, day
from inroads.directory.models import How, Location, Opening, Reach, Service, TagKind
from inroads.directory.queries.finding import FADES, STALE, Hit
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


@dataclass(frozen=True)
class Line:
    """A service in a list: `facts` are pairs of what and how, `unknown` says what is not known, `age` how old it is.

    `fades` where nobody looked for half a year, `stale` for a year or never.
    """

    service: Service
    where: str
    distance: str
    helps: list[str]
    because: list[str]
    facts: list[tuple[str, str]]
    unknown: list[str]
    age: str
    fades: bool
    stale: bool
    room: str


def line(service: Service, hit: Hit | None = None, *, language: str = "", community: str = "") -> Line:
    """The service in words; with what made it fit, where it was found by a search."""
    communities = load(Community)
    because = []
    if hit and hit.opens:
        because.append("open then")
    if hit and hit.spoken:
        because.append(f"{language.strip().capitalize()} is spoken there" + _how(service, TagKind.LANGUAGE, language))
    elif hit and hit.mentioned:
        because.append(f"its description speaks of {language.strip().capitalize()}; ask which languages they speak")
    if hit and hit.reached and community in communities:
        because.append(f"reaches {communities[community].title.lower()} ({', and '.join(_shown(service, community))})")
    today = timezone.localdate()
    checked = service.checked_on
    return Line(
        service=service,
        where=where(service),
        distance=_distance(hit.metres) if hit and hit.metres is not None else "",
        helps=helps(service),
        because=because,
        facts=facts(service),
        unknown=[*unknown(service), *(_not_known_of(hit, language, community) if hit else [])],
        age=f"Checked on {day(checked)} by {service.checked_by}" if checked else "Never checked",
        fades=checked is None or today - checked > FADES,
        stale=checked is None or today - checked > STALE,
        room=room(service),
    )


def facts(service: Service) -> list[tuple[str, str]]:
    """What is known, as pairs of what and how."""
    listed = [
        ("Open", hours(service)),
        ("How to come", service.how_to_come),
        ("Cost", cost(service)),
        ("Phone", service.phone or service.touchpoint.phone),
        ("Email", service.email or service.touchpoint.email),
        ("Website", service.website or service.touchpoint.website),
        ("Languages", ", ".join(languages(service))),
        ("Reaches", "; ".join(reaches(service))),
        ("For", ages(service)),
        ("Getting in", service.access or "; ".join(each.access for each in places(service) if each.access)),
    ]
    return [(what, how) for what, how in listed if how]


def unknown(service: Service) -> list[str]:
    """What somebody would want to know before they go, and nobody has said."""
    missing = []
    if not hours(service):
        missing.append("when it is open")
    if service.free is None and not service.cost:
        missing.append("what it costs")
    if not places(service):
        missing.append("where it is")
    return missing


def helps(service: Service) -> list[str]:
    """What it helps with, in words; what was only read in its description says so."""
    known = load(Help)
    tags = [each for each in service.tags.all() if each.kind == TagKind.HELP and each.value in known]
    return [known[each.value].title + (" (read in its description)" if each.how == How.TEXT else "") for each in tags]


def languages(service: Service) -> list[str]:
    """Which languages are spoken there."""
    tags = [each for each in service.tags.all() if each.kind == TagKind.LANGUAGE]
    return [each.value.title() + (" (read in its description)" if each.how == How.TEXT else "") for each in tags]


def reaches(service: Service) -> list[str]:
    """Whom it reaches, and how we know: from what people told us, from its own word, or from its description."""
    known = load(Community)
    told = {each.community for each in service.touchpoint.reach.all()}
    said = {each.value for each in service.tags.all() if each.kind == TagKind.COMMUNITY}
    return [f"{known[name].title} ({', and '.join(_shown(service, name))})" for name in known if name in told | said]


def _shown(service: Service, community: str) -> list[str]:
    """How we know whom it reaches: what people told us first, then its own word, then its description."""
    how = [evidence(each) for each in service.touchpoint.reach.all() if each.community == community]
    for each in service.tags.all():
        if each.kind == TagKind.COMMUNITY and each.value == community:
            how.append("they say so" if each.how != How.TEXT else "read in its description")
    return how


def _not_known_of(hit: Hit, language: str, community: str) -> list[str]:
    """What was asked for and is not known of it."""
    found = []
    if language.strip() and not hit.spoken:
        found.append(f"whether somebody speaks {language.strip().capitalize()}")
    titles = load(Community)
    if community in titles and not hit.reached:
        found.append(f"whether they are used to {titles[community].title.lower()}")
    return found


def evidence(reach: Reach) -> str:
    """What people told us about being helped there, as open releases show it."""
    return f"about {reach.helped:,} people told us that it helped, counted up to {reach.until:%B %Y}"


def room(service: Service) -> str:
    """How many more people this month; what was said in an earlier month is not known any more."""
    on, today = service.capacity_on, timezone.localdate()
    if service.capacity is None or on is None:
        return "Room not known"
    if (on.year, on.month) != (today.year, today.month):
        return f"Room not said this month (in {on:%B} it was {service.capacity})"
    return "Full this month" if service.capacity == 0 else f"Room for {service.capacity} more this month"


def hours(service: Service) -> str:
    """When it is open, in words."""
    said = [opening(each) for each in service.openings.all()]
    return ". ".join([*(["; ".join(said)] if said else []), *([service.open_when] if service.open_when else [])])


def opening(each: Opening) -> str:
    """One opening time, such as "Tuesday 10:00 to 16:00"."""
    if each.weekday is None:
        on = f"day {each.day} of the month"
    elif each.nth:
        on = f"{NTH.get(each.nth, '')} {WEEKDAYS[each.weekday]} of the month"
    else:
        on = WEEKDAYS[each.weekday] if each.every == 1 else f"every {each.every} weeks on {WEEKDAYS[each.weekday]}"
    if each.opens_at is None:
        return on
    until = f" to {each.closes_at:%H:%M}" if each.closes_at else ""
    if each.closes_at and each.closes_at < each.opens_at:
        until += " the next day"
    return f"{on} {each.opens_at:%H:%M}{until}"


def cost(service: Service) -> str:
    """What it costs, in words; "" where nobody has said."""
    return ". ".join(filter(None, [{True: "Free", False: "It costs something"}.get(service.free, ""), service.cost]))


def ages(service: Service) -> str:
    """Which ages it is for."""
    low, high = service.minimum_age, service.maximum_age
    if low and high is not None:
        return f"ages {low} to {high}"
    return f"age {low} and over" if low else f"up to age {high}" if high is not None else ""


def places(service: Service) -> list[Location]:
    """Where it is."""
    return [each.location for each in service.at_locations.all()]


def where(service: Service) -> str:
    """Where it is, in one line."""
    found = []
    for each in places(service):
        parts = [each.name, each.address, each.town, each.postcode]
        found.append(", ".join(filter(None, parts)) or neighbourhood_name(each.neighbourhood))
    return "; ".join(filter(None, found)) or f"In the directory of {service.touchpoint.area.name}"


def _how(service: Service, kind: str, value: str) -> str:
    wanted = value.strip().casefold()
    read = any(each.kind == kind and each.value == wanted and each.how == How.TEXT for each in service.tags.all())
    return " (read in its description)" if read else ""


def _distance(metres: float) -> str:
    return f"{as_the_crow_flies(metres / 1000)} away, in a straight line"

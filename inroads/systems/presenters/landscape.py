"""How the landscape is said and drawn: dots on the bell, chances, what is chance and what is not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from inroads.design.charts import BellDot, Chart, bell
from inroads.design.charts.words import figure
from inroads.methods import adoption
from inroads.systems.models import Wave
from inroads.systems.queries.landscape import ByNeedle, Landscape, Own, Place, Shift, counts_of

# What is at most this likely by chance is called a difference.
LEVEL = 0.05
MOVED = {"up": "Up", "down": "Down", "no sign": "No sign", "not known": "Not known"}
# Of two groups the first is named short, so that what joins them is heard.
SHORT = ("early adopters", *adoption.GROUPS[1:])
ORDERS = {"name": "name", "region": "region", "group": "group"}


def group_title(name: str) -> str:
    """A group as a heading has it."""
    return name[:1].upper() + name[1:]


def groups_in_words(counts: Sequence[int]) -> list[tuple[str, int, str]]:
    """Name, count and share of each group."""
    total = sum(counts)
    return [
        (group_title(name), count, f"{100 * count / total:.0f}%" if total else "none")
        for name, count in zip(adoption.GROUPS, counts, strict=True)
    ]


def stands(place: Place) -> str:
    """Where a system stands, in words."""
    if place.towards is None:
        return group_title(place.group)
    first, other = sorted((place.number, place.towards))
    return f"Between {SHORT[first]} and {SHORT[other]}"


def chances(place: Place) -> list[str]:
    """The chance of each group, in whole percent; never said to be none or certain."""
    return [percent(each) for each in place.chances]


def percent(share: float) -> str:
    """12%, under 1%, over 99%."""
    if share < 0.01:
        return "under 1%"
    return "over 99%" if share > 0.99 else f"{100 * share:.0f}%"


def ranks(place: Place) -> str:
    """Between which places a system stands."""
    low, high = figure(place.rank_low), figure(place.rank_high)
    return f"{low} of {place.of}" if low == high else f"{low} to {high} of {place.of}"


def moved(shift: Shift | None) -> str:
    """What became of a system since the wave before, with its interval in levels."""
    if shift is None or shift.change is None or shift.low is None or shift.high is None:
        return MOVED["not known"]
    return f"{MOVED[shift.moved]}: {_signed(shift.change)} ({_signed(shift.low)} to {_signed(shift.high)})"


def _signed(number: float) -> str:
    text = f"{number:.2f}"
    return text if float(text) <= 0 else f"+{text}"


def probability(p: float) -> str:
    """A p value in words that fit into brackets."""
    return "p less than 0.001" if p < 0.001 else f"p = {p:.2f}" if p >= 0.01 else f"p = {p:.3f}"


def region_words(pattern: adoption.Pattern, systems: int) -> str:
    """Whether systems of a region stand together, and what that does not show."""
    if pattern.note:
        return pattern.note.replace("areas", "systems")
    share = f"{100 * pattern.statistic:.0f}% of what differs between systems lies between regions"
    if pattern.p <= LEVEL:
        return (
            f"There is a regional pattern: systems of the same region stand together more than chance would have it. "
            f"{share} ({probability(pattern.p)}). This does not say why."
        )
    return (
        f"No regional pattern is seen. {share}; shuffled at random, as much or more is seen "
        f"{100 * pattern.p:.0f} times in 100. With {systems} systems a weak pattern would not be seen."
    )


def rogers_words(rogers: adoption.Rogers, systems: int) -> str:
    """Whether the groups are as large as the curve has them."""
    test = f"chi squared {rogers.chi2:.2f}, {rogers.df} degrees of freedom, {probability(rogers.p)}"
    if rogers.p <= LEVEL:
        return f"The groups are not as large as those of Rogers’ curve: 16%, 34%, 34% and 16% ({test})."
    return (
        f"The groups do not differ from those of Rogers’ curve, 16%, 34%, 34% and 16%, by more than chance ({test}). "
        f"That does not show that the curve holds: with {systems} systems much would pass."
    )


def reached_words(drawn: int, seen: int, regions: int, reached: adoption.Reached) -> list[str]:
    """What it shows that the first group reaches so many regions, and what it does not; a sentence each."""
    few, many = reached.fewer, reached.more
    p_few, p_many = probability(few) if few < 1 else "p = 1", probability(many)
    said = [
        f"What can be tested: the {drawn} systems of the first group stand in {seen} of {regions} regions. Had "
        f"{drawn} been drawn at random, they would stand in {seen} regions or fewer {_times(few)} "
        f"({p_few}), and in {seen} regions or more {_times(many)} ({p_many})."
    ]
    if few <= LEVEL:
        said.append("So the first group is bunched in few regions, more than chance would have it.")
    elif seen == drawn:
        said.append(
            f"So no bunching is seen. {drawn} systems cannot stand in more than {drawn} regions: they are as spread "
            "out as they can be" + (", and more than most draws." if many <= LEVEL else ".")
        )
    else:
        said.append("So no bunching in few regions is seen.")
    said.append(
        "What it does not show: where the other systems stand is not published. Whether they go by region, or why the "
        "first are where they are, cannot be told from these counts."
    )
    said.append("Sizes of regions are those of 2024.")
    return said


def _times(share: float) -> str:
    return "always" if share == 1 else f"{figure(float(f'{100 * share:.2g}'))} times in 100"


def published_bell(counts: Sequence[int], title: str) -> Chart:
    """A dot for each system of counts that were published; nobody knows which is which."""
    return _bell([BellDot(group) for group, count in enumerate(counts) for _ in range(count)], counts, title)


def landscape_bell(seen: Landscape) -> Chart:
    """A dot for each system; those whose names the reader may see lead to their pages."""
    dots = [
        BellDot(
            each.number,
            each.towards,
            label=each.organisation.name if each.organisation.pk in seen.named else "",
            href=system_page(each) if each.organisation.pk in seen.named else "",
        )
        # Named ones first: from its place among names nobody is to guess the name of another.
        for each in sorted(seen.places, key=lambda place: place.organisation.pk not in seen.named)
    ]
    return _bell(dots, seen.counts, f"Where systems stand: {seen.wave.title}")


def own_bell(seen: Own) -> Chart:
    """All dots without names, but the reader's own."""
    mine = seen.own.organisation.pk if seen.own else None
    dots = [
        BellDot(
            each.number,
            each.towards,
            label=each.organisation.name if each.organisation.pk == mine else "",
            own=each.organisation.pk == mine,
        )
        for each in sorted(
            seen.places, key=lambda place: (place.organisation.pk != mine, place.number, place.towards or 0)
        )
    ]
    return _bell(dots, counts_of(seen.places), f"Where systems stand: {seen.wave.title}")


def _bell(dots: Sequence[BellDot], counts: Sequence[int], title: str) -> Chart:
    unsure = sum(dot.towards is not None for dot in dots)
    said = ", ".join(f"{count} {name}" for name, count in zip(adoption.GROUPS, counts, strict=True))
    return bell(
        dots,
        groups=adoption.GROUPS,
        shares=adoption.SHARES,
        title=title,
        description=f"{len(dots)} systems on the curve of adoption: {said}."
        + (f" {unsure} of them stand between two groups." if unsure else ""),
        heading="Systems",
    )


def system_page(place: Place) -> str:
    """The address of the page about a system."""
    return reverse("systems:system", kwargs={"system": place.organisation.pk})


def rows(seen: Landscape, order: str) -> list[dict[str, Any]]:
    """A row for each system that the reader may see: by name, or by region or group and then by name."""
    keys = {
        "region": lambda place: (region_of(place), place.organisation.name),
        "group": lambda place: (place.number, place.organisation.name),
    }
    places = sorted(seen.seen, key=keys.get(order, lambda place: place.organisation.name))
    return [
        {
            "name": each.organisation.name,
            "href": system_page(each),
            "region": region_of(each),
            "stands": stands(each),
            "chances": chances(each),
            "ranks": ranks(each),
            "moved": moved(each.shift),
        }
        for each in places
    ]


def region_of(place: Place) -> str:
    """The name of the region of a system."""
    return place.organisation.parent.name if place.organisation.parent else ""


def by_region(seen: Landscape) -> list[tuple[str, tuple[int, ...]]]:
    """Systems in each group, for the regions of which the reader may see all systems."""
    regions: dict[UUID | None, list[Place]] = {}
    for each in seen.places:
        regions.setdefault(each.organisation.parent_id, []).append(each)
    found = [
        (region_of(places[0]), counts_of(places))
        for places in regions.values()
        if all(each.organisation.pk in seen.named for each in places)
    ]
    return sorted(found)


def needle_rows(seen: Landscape, found: Sequence[ByNeedle]) -> list[tuple[str, list[str]]]:
    """Where each needle puts each system that the reader may see, by name."""
    return [
        (
            each.organisation.name,
            [
                group_title(needle.groups.get(each.organisation.pk, adoption.NOT_SCORED))
                + (" (not sure)" if each.organisation.pk in needle.between else "")
                for needle in found
            ],
        )
        for each in seen.seen
    ]


def wave_words(wave: Wave) -> str:
    """On what a wave rests, in a few words."""
    needle = f": {wave.get_needle_display().lower()}" if wave.needle else ""
    return f"{wave.get_basis_display()}{needle}"

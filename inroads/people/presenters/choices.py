"""How pathways, ways and choices are said on a page and on the card for the fridge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from inroads.people.models import Choice, Option, Pathway, Stage
from inroads.people.queries import ways as rules
from inroads.people.queries.choices import OnPathway, available, on_pathways
from inroads.people.queries.record import Record
from inroads.reference.definitions.care import ways
from inroads.reference.definitions.conversation import barriers

# As NHS England publishes counts below national level: 1 to 7 hidden, others to the nearest 5.
SMALLEST_TOLD = 8
EASY_READ = "easy_read"
NOT_DECIDED = "Not decided yet"
NOT_ASKED = "Nobody has asked yet"
HOW_TO_CHANGE = (
    "You can change any of this at any time. You do not have to say why.",
    "Tell anybody who works with you, in person or by phone.",
    "Or tick another way on this card and give it back.",
    "Or change it on your own page. Ask us for a code.",
    "Trying one way never takes away another.",
)


@dataclass(frozen=True)
class WayLine:
    """A way to choose: its explanation in the person's format, whether it is offered to nobody else any more, and what
    the person said is hard about it."""

    option: Option
    explained: str
    still_yours: bool
    hard: list[str]


@dataclass(frozen=True)
class StageCard:
    """A stage on a page: what holds there now, and what was chosen before, newest first."""

    stage: Stage
    is_current: bool
    choice: Choice | None
    chosen: str
    look_again: date | None
    look_again_due: bool
    earlier: list[Choice]


@dataclass(frozen=True)
class PathwayCard:
    """A pathway a person is on: the current stage stands first, the others follow in their order."""

    pathway: Pathway
    now: StageCard
    others: list[StageCard]


def chosen_words(choice: Choice | None) -> str:
    """What was chosen, in words. Nobody asked and not decided are two different things."""
    if choice is None:
        return NOT_ASKED
    return choice.option.title if choice.option else NOT_DECIDED


def way_lines(stage: Stage, record: Record, *, with_answers: bool) -> list[WayLine]:
    """The ways a person has at a stage. `with_answers` only for readers who may see what the person answered."""
    return [
        WayLine(
            option=each,
            explained=_in_format(each, record),
            still_yours=each.withdrawn_at is not None,
            hard=_hard(each, record) if with_answers else [],
        )
        for each in available(record.person, stage, record)
    ]


def pathway_cards(record: Record, history: dict[int, list[Choice]] | None = None) -> list[PathwayCard]:
    """Every pathway the person is on; without `history` nothing earlier is shown."""
    return [_pathway_card(each, record, history or {}) for each in on_pathways(record)]


def way_state(option: Option) -> str:
    """Where a way stands, for those who draw the pathway: draft, leaving, live or withdrawn."""
    if rules.is_draft(option):
        return "draft"
    if option.withdrawn_at is not None:
        return "withdrawn"
    return "leaving" if option.leaving else "live"


def choice_card(record: Record, *, every: bool = False, printed: list[dict] | None = None) -> dict:
    """The choices on paper: the current stage of each pathway, and stages where something was chosen; or `every` one.

    `stages` holds dictionaries with `stage`, its id, `title`, `question`, `chosen` (`title`, `plain`, `where`, `why`)
    or None, `maybe_later` and `look_again_on` or None, and `others`: ways with `number`, counted through the whole
    card, `title`, `plain`, and `option`, the id for which the number stands. `not_yet` names the other stages, and
    `how_to_change` holds sentences. `printed`: stages and options of a card that was printed before, so that its
    numbers stand for the same ways whatever is offered since.
    """
    stages, not_yet, number = [], [], 0
    pathways = on_pathways(record)
    fixed = {each["stage"]: each["options"] for each in printed or ()}
    for each in pathways:
        for stage in _in_order(each):
            choice = record.choices.get(stage.pk)
            wanted = stage.pk in fixed if fixed else every or choice or stage.pk == each.current.pk
            if not wanted:
                not_yet.append(stage.title)
                continue
            held = choice.option_id if choice else None
            if fixed:
                known = Option.objects.in_bulk(fixed[stage.pk])
                ways_here = [known[option] for option in fixed[stage.pk] if option in known]
            else:
                ways_here = [option for option in available(record.person, stage, record) if option.pk != held]
            others = []
            for option in ways_here:
                number += 1
                line = {
                    "number": number,
                    "title": option.title,
                    "plain": _explained(option, record),
                    "option": option.pk,
                }
                others.append(line)
            stages.append(
                {
                    "stage": stage.pk,
                    "title": stage.title if len(pathways) == 1 else f"{each.pathway.title}: {stage.title}",
                    "question": stage.question,
                    "chosen": _chosen(choice),
                    "maybe_later": choice.maybe_later.title if choice and choice.maybe_later else None,
                    "look_again_on": choice.look_again_on if choice else None,
                    "others": others,
                }
            )
    return {"stages": stages, "not_yet": not_yet, "how_to_change": list(HOW_TO_CHANGE)}


def how_many(people: int) -> str:
    """How many people are on a pathway, for readers who see no records: small numbers are not told, others rounded."""
    if people == 0:
        return "Nobody is on this pathway yet"
    if people < SMALLEST_TOLD:
        return f"Fewer than {SMALLEST_TOLD} people are on this pathway and keep"
    return f"About {5 * round(people / 5):,} people are on this pathway and keep"


def format_on_screen(record: Record) -> str:
    """The format in which a page explains the ways to this person: Easy Read where they like it, else standard."""
    return EASY_READ if record.preferences is not None and record.preferences.format == EASY_READ else "standard"


def place_and_time(option: Option) -> str:
    """Where and when, in one line; "" where neither is said."""
    return ". ".join(part.rstrip(".") for part in (option.where, option.when) if part)


def _chosen(choice: Choice | None) -> dict | None:
    if choice is None or choice.option is None:
        return None
    option = choice.option
    return {"title": option.title, "plain": option.plain, "where": place_and_time(option), "why": choice.why}


def _explained(option: Option, record: Record) -> str:
    return " ".join(part for part in (_in_format(option, record), place_and_time(option)) if part)


def _in_format(option: Option, record: Record) -> str:
    """How a way is explained to this person: in very short sentences for Easy Read, unless a service wrote its own."""
    way = ways().get(option.way)
    easy = format_on_screen(record) == EASY_READ
    return way.easy if easy and way is not None and option.plain == way.plain else option.plain


def _in_order(on: OnPathway) -> Sequence[Stage]:
    first = [stage for stage in on.stages if stage.pk == on.current.pk]
    return [*first, *(stage for stage in on.stages if stage.pk != on.current.pk)]


def _pathway_card(on: OnPathway, record: Record, history: dict[int, list[Choice]]) -> PathwayCard:
    now, *others = (_stage_card(stage, on, record, history.get(stage.pk, [])) for stage in _in_order(on))
    return PathwayCard(on.pathway, now, others)


def _stage_card(stage: Stage, on: OnPathway, record: Record, choices: list[Choice]) -> StageCard:
    choice = record.choices.get(stage.pk)
    return StageCard(
        stage=stage,
        is_current=stage.pk == on.current.pk,
        choice=choice,
        chosen=chosen_words(choice),
        look_again=choice.look_again_on if choice else None,
        look_again_due=choice is not None and choice.look_again_on <= timezone.localdate(),
        earlier=[each for each in choices if choice is None or each.pk != choice.pk],
    )


def _hard(option: Option, record: Record) -> list[str]:
    """Titles of what makes this way hard for the person, as they said it last or as an event has left it open.

    What is asked only of somebody who is alone is not named: others may look at the same screen.
    """
    way = ways().get(option.way)
    if way is None:
        return []
    known = barriers()
    hard = [known[each] for each in way.hard_with if each in known and (each in record.hard or each in record.reopened)]
    return [each.title for each in hard if not each.alone]

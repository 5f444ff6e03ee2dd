"""Pathways as a user may see them, the ways each person has at each stage, and what was chosen before."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.people.models import Choice, Involvement, Option, Pathway, Person, Stage
from inroads.people.queries import ways
from inroads.people.queries.record import Record
from inroads.reference.models import Organisation

LOOK_AGAIN_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class OnPathway:
    """A pathway the person is on: where they are now, and every published stage in order."""

    pathway: Pathway
    current: Stage
    stages: list[Stage]


@dataclass(frozen=True)
class Changes:
    """What publishing a pathway would change."""

    added: list[Option]
    leaving: list[Option]

    def __bool__(self) -> bool:
        return bool(self.added or self.leaving)


def pathways_visible_to(user: Somebody) -> QuerySet[Pathway]:
    """Those this user draws, and published ones of the organisations in which they work, of those above and below."""
    worked_in = organisations_where(user, Permission.WORK_WITH_PEOPLE)
    paths = worked_in.values_list("path", flat=True)
    above = {each for path in paths for each in _line(path)}
    drawn = organisations_where(user, Permission.DESIGN_PATHWAYS)
    seen = Q(organisation__in=drawn) | (Q(published_at__isnull=False) & Q(organisation__in=above))
    return Pathway.objects.filter(seen).select_related("organisation")


def pathways_drawn_by(user: Somebody) -> QuerySet[Pathway]:
    """Those this user may change and publish."""
    drawn = organisations_where(user, Permission.DESIGN_PATHWAYS)
    return Pathway.objects.filter(organisation__in=drawn).select_related("organisation")


def pathways_open_to(person: Person) -> QuerySet[Pathway]:
    """Published pathways of the organisation that knows this person, and of those above it."""
    return Pathway.objects.filter(organisation__in=_line(person.organisation.path), published_at__isnull=False)


def covers_person(pathway: Pathway, person: Person) -> bool:
    """Whether this pathway is for people of the person's organisation."""
    return pathway.organisation_id in _line(person.organisation.path)


def on_pathways(record: Record) -> list[OnPathway]:
    """The pathways the person is on, the one they came to last first, with stages and ways read at once."""
    latest = sorted(record.stages.values(), key=lambda each: -each.pk)
    stages = _published_stages([each.pathway_id for each in latest], record.moment)
    found = []
    for each in latest:
        listed = stages[each.pathway_id]
        current = next((stage for stage in listed if stage.pk == each.stage_id), each.stage)
        found.append(OnPathway(each.pathway, current, listed))
    return found


def not_yet_on(record: Record) -> list[tuple[Pathway, list[Stage]]]:
    """Pathways the person could come to, each with its stages in order."""
    open_ones = [each for each in pathways_open_to(record.person) if str(each.pk) not in record.stages]
    stages = _published_stages([each.pk for each in open_ones], record.moment)
    return [(each, stages[each.pk]) for each in open_ones]


def stage_of(record: Record, stage: int) -> Stage | None:
    """A published stage of a pathway the person is on, with its ways; else None."""
    return (
        Stage.objects.filter(pk=stage, pathway__in=list(record.stages), published_at__isnull=False)
        .select_related("pathway")
        .prefetch_related("options")
        .first()
    )


def open_stage(person: Person, stage: int) -> Stage | None:
    """A published stage to which this person can come; else None."""
    mine = Q(pathway__in=pathways_open_to(person)) | Q(pathway__in=person.involvements.values("pathway"))
    return Stage.objects.filter(mine, pk=stage, published_at__isnull=False).select_related("pathway").first()


def available(person: Person, stage: Stage, record: Record) -> list[Option]:
    """The ways this person has at this stage at the moment of the record, in order.

    Those withdrawn after they came to the pathway are among them.
    """
    if record.person.pk != person.pk:
        raise ValueError(f"available: record of {record.person.pk}: expected that of {person.pk}; read it again")
    since = record.since.get(str(stage.pathway_id))
    return [each for each in stage.options.all() if ways.is_available(each, since, record.moment)]


def history(person: Person) -> dict[int, list[Choice]]:
    """Every choice there was, newest first, by stage."""
    found = defaultdict(list)
    choices = Choice.objects.filter(person=person).select_related("option", "maybe_later").order_by("-pk")
    for each in choices:
        found[each.stage_id].append(each)
    return dict(found)


def red_stages(pathway: Pathway) -> list[Stage]:
    """Stages that would be left without a way that is not digital. A stage without any way is one of them."""
    return [stage for stage in pathway.stages.prefetch_related("options") if ways.is_red(stage.options.all())]


def changes(pathway: Pathway) -> Changes:
    """Ways that publishing would offer to everybody, and those it would withdraw for later comers."""
    options = list(Option.objects.filter(stage__pathway=pathway).select_related("stage").order_by("stage", "position"))
    return Changes(
        added=[each for each in options if ways.is_draft(each)],
        leaving=[each for each in options if each.leaving and each.withdrawn_at is None],
    )


def people_on(pathway: Pathway) -> int:
    """How many people have come to this pathway: each of them keeps what is withdrawn from now on."""
    return Involvement.objects.filter(pathway=pathway).values("person").distinct().count()


def organisations_to_draw_in(user: Somebody) -> QuerySet[Organisation]:
    """Where this user may begin a pathway."""
    return organisations_where(user, Permission.DESIGN_PATHWAYS).filter(active=True)


def _line(path: str) -> list[UUID]:
    """Ids of an organisation and all above it, from its path."""
    return [UUID(part) for part in path.strip("/").split("/")]


def _published_stages(pathways: Collection[UUID], at: datetime) -> dict[UUID, list[Stage]]:
    found: dict[UUID, list[Stage]] = defaultdict(list)
    if not pathways:
        return found
    listed = Stage.objects.filter(pathway__in=pathways, published_at__lte=at).select_related("pathway")
    offered = Option.objects.filter(offered_at__isnull=False)
    for stage in listed.prefetch_related(Prefetch("options", queryset=offered)).order_by("position", "pk"):
        found[stage.pathway_id].append(stage)
    return found

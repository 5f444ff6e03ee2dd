"""What changes in a pathway: its stages, the ways it offers, and when that is published.

A way that was offered never changes and never goes: it can only be withdrawn for people who come later.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.people.models import Involvement, Option, Pathway, Stage
from inroads.people.queries import ways as rules
from inroads.people.queries.choices import red_stages
from inroads.reference.definitions import load
from inroads.reference.definitions.care import PathwayTemplate, ways
from inroads.reference.models import Organisation

# The smallest step of time that both databases keep.
INSTANT = timedelta(microseconds=1)


GONE = "Somebody else took this away while you had the page open. Look at the pathway again"


class OnlyDigital(Refused):
    """A pathway with stages that have only digital ways, or none: `stages` names them."""

    def __init__(self, stages: list[Stage]) -> None:
        named = ", ".join(each.title for each in stages)
        one = len(stages) == 1
        super().__init__(
            f"{'This stage has' if one else 'These stages have'} no way that is not digital: {named}. "
            f"Add one{'' if one else ' to each'}, then publish"
        )
        self.stages = stages


@transaction.atomic
def add_pathway(*, template: str | None, organisation: Organisation, title: str, by: User) -> Pathway:
    """A pathway to draw: empty, or with the stages and usual ways of a template as drafts."""
    audit.hold()
    _require(by, organisation)
    source = load(PathwayTemplate).get(template) if template else None
    if template and source is None:
        raise Refused("This pathway to begin from does not exist. Choose one from the list, or begin with an empty one")
    title = tidy(title) or (source.title if source else "")
    if not title:
        raise Refused("Enter a name for the pathway")
    pathway = Pathway.objects.create(
        organisation=organisation, title=title, plain=source.plain if source else "", created_by=by
    )
    for position, stage in enumerate(source.stages if source else ()):
        made = Stage.objects.create(pathway=pathway, title=stage.title, question=stage.question, position=position)
        Option.objects.bulk_create(_option(made, way, number) for number, way in enumerate(stage.ways))
    _record("pathway_begun", pathway, by, template=template or "")
    return pathway


@transaction.atomic
def add_stage(*, pathway: Pathway, title: str, question: str, by: User) -> Stage:
    """A stage at the end. People see it once the pathway is published again."""
    audit.hold()
    _require(by, pathway.organisation)
    title, question = tidy(title), tidy(question)
    if not title or not question:
        raise Refused("Enter a name for the stage, and the question that is put to the person")
    last = pathway.stages.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    stage = Stage.objects.create(pathway=pathway, title=title, question=question, position=position)
    _record("stage_added", pathway, by, stage=stage.pk)
    return stage


@transaction.atomic
def remove_draft_stage(*, stage: Stage, by: User) -> None:
    """Take away a stage that was never published, with its drafts."""
    audit.hold()
    kept = _kept_stage(stage)
    _require(by, kept.pathway.organisation)
    if kept.published_at is not None:
        raise Refused("This stage was published and stays. People may be at it now")
    _record("draft_stage_removed", kept.pathway, by, stage=kept.pk)
    kept.delete()


@transaction.atomic
def add_option(*, stage: Stage, way: str, title: str, plain: str, where: str, when: str, by: User) -> Option:
    """A way of this service as a draft. Where title or explanation are empty, the usual words for it are used."""
    audit.hold()
    stage = _kept_stage(stage)
    _require(by, stage.pathway.organisation)
    if way not in ways():
        raise Refused("Choose a way from the list")
    last = stage.options.aggregate(last=Max("position"))["last"]
    option = _option(stage, way, 0 if last is None else last + 1)
    option.title = tidy(title) or option.title
    option.plain = tidy(plain) or option.plain
    option.where, option.when = tidy(where), tidy(when)
    option.save()
    _record("option_added", stage.pathway, by, option=option.pk, way=way)
    return option


@transaction.atomic
def remove_draft_option(*, option: Option, by: User) -> None:
    """Take away a way that was never offered to anybody."""
    audit.hold()
    kept = _kept(option)
    _require(by, kept.stage.pathway.organisation)
    if not rules.is_draft(kept):
        raise Refused("This way was offered to people and cannot be taken away. Mark it to leave: who has it keeps it")
    _record("draft_option_removed", kept.stage.pathway, by, option=kept.pk)
    kept.delete()


@transaction.atomic
def mark_leaving(*, option: Option, leaving: bool, by: User) -> Option:
    """Whether this way is withdrawn for later comers when the pathway is next published. Nothing changes before."""
    audit.hold()
    kept = _kept(option)
    _require(by, kept.stage.pathway.organisation)
    if rules.is_draft(kept):
        raise Refused("This way is not offered yet. Remove it instead")
    if kept.withdrawn_at is not None:
        raise Refused("This way was withdrawn already. Add it again as a new one to offer it to everybody")
    if kept.leaving != leaving:
        kept.leaving = leaving
        kept.save(update_fields=("leaving",))
        _record("option_marked", kept.stage.pathway, by, option=kept.pk, leaving=leaving)
    return kept


@transaction.atomic
def publish(*, pathway: Pathway, by: User) -> Pathway:
    """Offer the drafts, withdraw what is marked to leave, both from the same moment.

    Raises `OnlyDigital` where a stage would be left without a way that is not digital; then nothing changes.
    """
    audit.hold()
    kept = Pathway.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pathway.pk)
    _require(by, kept.organisation)
    stages = list(kept.stages.prefetch_related("options"))
    if not stages:
        raise Refused("This pathway has no stage yet. Add one, then publish")
    if red := red_stages(kept):
        raise OnlyDigital(red)
    last_came = Involvement.objects.filter(pathway=kept).aggregate(last=Max("recorded_at"))["last"]
    moment = rules.moment_of_publishing(timezone.now(), last_came, INSTANT)
    changed = [each for stage in stages for each in rules.publish(stage.options.all(), moment)]
    fresh = [stage for stage in stages if stage.published_at is None]
    if not changed and not fresh:
        raise Refused("Nothing has changed since this pathway was published")
    Option.objects.bulk_update(changed, ("offered_at", "withdrawn_at", "leaving"))
    Stage.objects.filter(pk__in=[stage.pk for stage in fresh]).update(published_at=moment)
    if kept.published_at is None:
        kept.published_at = moment
        kept.save(update_fields=("published_at",))
    withdrawn = sum(each.withdrawn_at == moment for each in changed)
    _record("pathway_published", kept, by, offered=len(changed) - withdrawn, withdrawn=withdrawn)
    return kept


def _require(by: User, organisation: Organisation) -> None:
    if not may(by, Permission.DESIGN_PATHWAYS, organisation):
        raise PermissionDenied("You do not draw the pathways of this organisation")


def _kept(option: Option) -> Option:
    found = Option.objects.select_related("stage__pathway__organisation").filter(pk=option.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _kept_stage(stage: Stage) -> Stage:
    found = Stage.objects.select_related("pathway__organisation").filter(pk=stage.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _option(stage: Stage, way: str, position: int) -> Option:
    known = ways()[way]
    return Option(stage=stage, way=way, digital=known.digital, title=known.title, plain=known.plain, position=position)


def _record(action: str, pathway: Pathway, by: User, **details: str | int) -> None:
    audit.record(action=action, by=by, about=pathway, organisation=pathway.organisation, details=details)

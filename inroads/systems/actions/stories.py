"""What changes about case studies: begun, written on, published, taken out of the open. Every version stays."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.models import Organisation
from inroads.systems.actions.quotes import require_keeping
from inroads.systems.models import CaseStudy, CaseStudyVersion, Quote, Use
from inroads.systems.queries.interviews import standing
from inroads.systems.queries.stories import missing_to_publish, told


@dataclass(frozen=True)
class Details:
    """What a case study says: the columns of `CaseStudyVersion`."""

    title: str
    where: str
    done: str
    changed: str
    failed: str
    cost: str = ""
    criteria: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


class NotYet(Refused):
    """A case study that may not be published; `missing` says in sentences what stands against it."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("This cannot be published. " + ". ".join(missing))
        self.missing = missing


@transaction.atomic
def begin_story(*, organisation: Organisation, details: Details, by: User) -> CaseStudy:
    """A case study, seen only by those who keep stories here until it is published. Raises `Refused`."""
    audit.hold()
    require_keeping(by, organisation)
    kept = _kept(organisation, details, before=())
    made = CaseStudy.objects.create(organisation=organisation, recorded_by=by)
    CaseStudyVersion.objects.create(case=made, version=1, recorded_by=by, **kept)
    note("story_begun", made, organisation, by, quotes=len(kept["quotes"]))
    return made


@transaction.atomic
def change_story(*, case: CaseStudy, version: int, details: Details, by: User) -> CaseStudyVersion:
    """The case study as it is from now on. Saving the same again changes nothing.

    Raises `ChangedMeanwhile` when `version` is not the latest, and `NotYet` where it is published and could not be.
    """
    audit.hold()
    require_keeping(by, case.organisation)
    before = case.versions.order_by("-version")[0]
    if before.version != version:
        raise ChangedMeanwhile(before)
    kept = _kept(case.organisation, details, before=before.quotes)
    if all(getattr(before, name) == value for name, value in kept.items()):
        return before
    made = CaseStudyVersion.objects.create(case=case, version=before.version + 1, recorded_by=by, **kept)
    if CaseStudy.objects.exclude(published_at=None).filter(pk=case.pk).exists():
        _refuse_closed(case)
    note("story_changed", case, case.organisation, by, version=made.version)
    return made


@transaction.atomic
def publish_story(*, case: CaseStudy, by: User) -> CaseStudy:
    """Everybody may read it, signed in or not. Raises `NotYet` unless everybody in it agrees to that today."""
    audit.hold()
    require_keeping(by, case.organisation)
    kept = CaseStudy.objects.select_related("organisation").get(pk=case.pk)
    if kept.published_at is None:
        _refuse_closed(kept)
        kept.published_at, kept.published_by = timezone.now(), by
        kept.save(update_fields=("published_at", "published_by"))
        note("story_published", kept, kept.organisation, by)
    return kept


@transaction.atomic
def unpublish_story(*, case: CaseStudy, by: User) -> CaseStudy:
    """Nobody but those who keep stories here reads it from now on."""
    audit.hold()
    require_keeping(by, case.organisation)
    kept = CaseStudy.objects.select_related("organisation").get(pk=case.pk)
    if kept.published_at is not None:
        kept.published_at, kept.published_by = None, None
        kept.save(update_fields=("published_at", "published_by"))
        note("story_unpublished", kept, kept.organisation, by)
    return kept


def _refuse_closed(case: CaseStudy) -> None:
    (found,) = told(CaseStudy.objects.filter(pk=case.pk))
    if missing := missing_to_publish(found):
        raise NotYet(missing)


def _kept(organisation: Organisation, details: Details, *, before: Iterable[str]) -> dict:
    """What a version holds. Raises `Refused`; a quote that it had before may stay, whatever became of it."""
    kept = {name: tidy(value) if isinstance(value, str) else list(value) for name, value in asdict(details).items()}
    for field, sentence in (
        ("title", "Give the story a name"),
        ("where", "Say what it was like before, and for whom"),
        ("done", "Say what was done, and by whom"),
        ("changed", "Say what changed, and how you know"),
        ("failed", "Say what did not work. If all of it did, say so"),
    ):
        needed(kept[field], sentence, field=field)
    known = load(Criterion)
    if not set(kept["criteria"]) <= set(known):
        raise Refused("Choose what it is about from the list", field="criteria")
    kept["quotes"] = list(dict.fromkeys(kept["quotes"]))
    new = set(kept["quotes"]) - set(before)
    usable = standing(
        Quote.objects.filter(pk__in=new, interview__organisation=organisation), (Use.QUOTED, Use.PUBLISHED)
    )
    if len(new) != len(usable):
        raise Refused("Some of these words may not be used any more. Look through them again", field="quotes")
    return kept

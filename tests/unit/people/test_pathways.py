"""Drawing and publishing pathways: a stage without a way that is not digital is never published."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pages import client_of
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import choices, pathways
from inroads.people.models import Option, Pathway, Stage
from inroads.people.queries import choices as queries
from inroads.people.queries.record import record_of
from inroads.reference.definitions.care import ways

pytestmark = pytest.mark.django_db
DRAFT = {"title": "", "plain": "", "where": "", "when": ""}


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def place(team):
    return team.parent.parent


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


@pytest.fixture
def worker(team):
    return make_worker(team)


@pytest.fixture
def pathway(team, lead):
    return pathways.add_pathway(template="community_mental_health", organisation=team, title="", by=lead)


@pytest.fixture
def page(lead):
    return client_of(lead)


def small(team, lead, *, ways_there=("clinic", "video")):
    """A pathway with one stage."""
    made = pathways.add_pathway(template=None, organisation=team, title="Small", by=lead)
    stage = pathways.add_stage(pathway=made, title="Review", question="How shall we meet?", by=lead)
    return made, stage, [pathways.add_option(stage=stage, way=way, **DRAFT, by=lead) for way in ways_there]


def test_a_template_comes_as_drafts_that_nobody_is_offered(pathway, team, worker):
    assert pathway.title == "Community mental health"
    assert [stage.title for stage in pathway.stages.all()][:3] == ["Referral", "Assessment", "Treatment"]
    options = Option.objects.filter(stage__pathway=pathway)
    assert options.count() > 20
    assert not options.exclude(offered_at=None).exists()
    video = options.filter(way="video").first()
    assert (video.digital, video.plain) == (True, ways()["video"].plain)
    assert pathway not in queries.pathways_visible_to(worker)
    assert not queries.pathways_open_to(make_person(team, by=worker)).exists()


def test_publishing_offers_every_draft_from_one_moment(pathway, lead, worker):
    published = pathways.publish(pathway=pathway, by=lead)
    moments = set(Option.objects.filter(stage__pathway=pathway).values_list("offered_at", flat=True))
    assert moments == {published.published_at} == set(pathway.stages.values_list("published_at", flat=True))
    assert pathway in queries.pathways_visible_to(worker)
    entry = AuditEntry.objects.get(action="pathway_published")
    assert (entry.about_id, entry.details["withdrawn"]) == (str(pathway.pk), 0)


def test_what_is_only_digital_is_refused_and_every_such_stage_is_named(team, lead):
    made, first, _ = small(team, lead, ways_there=("video", "app"))
    empty = pathways.add_stage(pathway=made, title="Crisis", question="How shall we be there?", by=lead)
    pathways.add_option(
        stage=pathways.add_stage(pathway=made, title="Discharge", question="And then?", by=lead),
        way="letter", **DRAFT, by=lead,
    )  # fmt: skip
    with pytest.raises(pathways.OnlyDigital, match="Review, Crisis") as refused:
        pathways.publish(pathway=made, by=lead)
    assert refused.value.stages == [first, empty] == queries.red_stages(made)
    made.refresh_from_db()
    assert made.published_at is None
    assert not Option.objects.exclude(offered_at=None).exists()
    for stage in (first, empty):
        pathways.add_option(stage=stage, way="phone", **DRAFT, by=lead)
    assert pathways.publish(pathway=made, by=lead).published_at


def test_the_last_way_that_is_not_digital_cannot_leave(team, lead):
    made, stage, (clinic, _) = small(team, lead)
    pathways.publish(pathway=made, by=lead)
    pathways.mark_leaving(option=clinic, leaving=True, by=lead)
    with pytest.raises(pathways.OnlyDigital, match="Review"):
        pathways.publish(pathway=made, by=lead)
    clinic.refresh_from_db()
    assert clinic.withdrawn_at is None
    # With another one beside it, it can.
    pathways.add_option(stage=stage, way="phone", **DRAFT, by=lead)
    pathways.publish(pathway=made, by=lead)
    clinic.refresh_from_db()
    assert clinic.withdrawn_at
    assert not clinic.leaving


def test_a_withdrawn_way_stays_with_whoever_came_before_and_not_with_later_comers(team, lead, worker):
    made, stage, (_, video) = small(team, lead)
    pathways.publish(pathway=made, by=lead)
    early, late = make_person(team, by=worker), make_person(team, by=worker)
    choices.come_to_stage(person=early, stage=stage, by=worker)
    pathways.mark_leaving(option=video, leaving=True, by=lead)
    pathways.publish(pathway=made, by=lead)
    choices.come_to_stage(person=late, stage=stage, by=worker)
    have = {
        person: {each.way for each in queries.available(person, stage, record_of(person))} for person in (early, late)
    }
    assert have == {early: {"clinic", "video"}, late: {"clinic"}}
    chosen = choices.record_choice(person=early, stage=stage, option=video, explained_in="", channel="phone", by=worker)
    assert chosen.option == video
    with pytest.raises(Refused, match="not offered"):
        choices.record_choice(person=late, stage=stage, option=video, explained_in="", channel="phone", by=worker)


def test_nothing_is_lost_where_the_clock_goes_back(team, lead, worker, monkeypatch):
    made, stage, (_, video) = small(team, lead)
    pathways.publish(pathway=made, by=lead)
    person = make_person(team, by=worker)
    came = choices.come_to_stage(person=person, stage=stage, by=worker)
    pathways.mark_leaving(option=video, leaving=True, by=lead)
    monkeypatch.setattr(pathways.timezone, "now", lambda: came.recorded_at)
    pathways.publish(pathway=made, by=lead)
    monkeypatch.undo()
    assert video in queries.available(person, stage, record_of(person))


def test_what_was_offered_never_changes_and_never_goes(pathway, lead):
    pathways.publish(pathway=pathway, by=lead)
    stage = pathway.stages.first()
    with pytest.raises(Refused, match="cannot be taken away"):
        pathways.remove_draft_option(option=stage.options.first(), by=lead)
    with pytest.raises(Refused, match="stays"):
        pathways.remove_draft_stage(stage=stage, by=lead)
    with pytest.raises(Refused, match="Nothing has changed"):
        pathways.publish(pathway=pathway, by=lead)


def test_drafts_can_be_taken_away(team, lead):
    made, stage, (_, video) = small(team, lead)
    with pytest.raises(Refused, match="not offered yet"):
        pathways.mark_leaving(option=video, leaving=True, by=lead)
    pathways.remove_draft_option(option=video, by=lead)
    pathways.remove_draft_stage(stage=stage, by=lead)
    assert not Option.objects.exists()
    with pytest.raises(Refused, match="no stage"):
        pathways.publish(pathway=made, by=lead)


def test_own_words_for_a_way_and_the_usual_ones_where_left_empty(team, lead):
    _, stage, _ = small(team, lead)
    said = {"title": " Hut ", "plain": "", "where": "Ryde\r\npier", "when": ""}
    made = pathways.add_option(stage=stage, way="drop_in", **said, by=lead)
    assert (made.title, made.plain, made.where) == ("Hut", ways()["drop_in"].plain, "Ryde\npier")
    with pytest.raises(Refused, match="from the list"):
        pathways.add_option(stage=stage, way="pigeon", **DRAFT, by=lead)


@pytest.mark.parametrize("role", ["practitioner", "place_lead"])
def test_nobody_else_draws(team, lead, role):
    made, stage, (clinic, _) = small(team, lead)
    other = make_worker(team if role == "practitioner" else make_place("Elsewhere"), role)
    tries = [
        lambda: pathways.add_pathway(template=None, organisation=team, title="Mine", by=other),
        lambda: pathways.add_stage(pathway=made, title="A", question="B?", by=other),
        lambda: pathways.add_option(stage=stage, way="phone", **DRAFT, by=other),
        lambda: pathways.remove_draft_option(option=clinic, by=other),
        lambda: pathways.remove_draft_stage(stage=stage, by=other),
        lambda: pathways.mark_leaving(option=clinic, leaving=True, by=other),
        lambda: pathways.publish(pathway=made, by=other),
    ]
    before = (Pathway.objects.count(), Stage.objects.count(), Option.objects.count(), AuditEntry.objects.count())
    for attempt in tries:
        with pytest.raises(PermissionDenied):
            attempt()
    assert before == (
        Pathway.objects.count(), Stage.objects.count(), Option.objects.count(), AuditEntry.objects.count()
    )  # fmt: skip


def test_workers_see_published_pathways_above_and_below_and_none_of_others(team, place, lead, worker):
    above = pathways.add_pathway(template="talking_therapies", organisation=place, title="Of the place", by=lead)
    other = pathways.add_pathway(
        template="talking_therapies", organisation=make_team("Another team", place), title="Of others", by=lead
    )
    for each in (above, other):
        pathways.publish(pathway=each, by=lead)
    assert list(queries.pathways_visible_to(worker)) == [above]
    assert list(queries.pathways_open_to(make_person(team, by=worker))) == [above]
    assert set(queries.pathways_visible_to(lead)) == {above, other}
    assert set(queries.pathways_visible_to(make_worker(place))) == {above, other}


def test_a_pathway_from_nothing_to_published_in_the_browser(page, team):
    answer = page.post(reverse("people:add_pathway"), {"template": "", "title": "", "organisation": str(team.pk)})
    assert answer.status_code == 200
    assert b"Enter a name for the pathway" in answer.content
    page.post(reverse("people:add_pathway"), {"template": "", "title": "Fishing", "organisation": str(team.pk)})
    made = Pathway.objects.get()
    address = {"pathway": made.pk}
    page.post(reverse("people:add_stage", kwargs=address), {"title": "Hello", "question": "How do we meet?"})
    stage = made.stages.get()
    page.post(reverse("people:add_option", kwargs=address | {"stage": stage.pk}), {"way": "video"})
    seen = page.get(reverse("people:pathway", kwargs=address)).content.decode()
    assert "Only digital ways: cannot be published" in seen
    assert "nhsuk-form-group--error" in seen
    assert "Look at the changes" not in seen
    refused = page.post(reverse("people:publish", kwargs=address))
    assert refused.status_code == 200
    assert b"no way that is not digital: Hello" in refused.content
    page.post(reverse("people:add_option", kwargs=address | {"stage": stage.pk}), {"way": "clinic", "where": "Ryde"})
    seen = page.get(reverse("people:pathway", kwargs=address)).content.decode()
    assert "Only digital ways" not in seen
    assert "Will be added" in seen
    answer = page.post(reverse("people:publish", kwargs=address), follow=True)
    assert b"Published." in answer.content
    assert stage.options.filter(offered_at__isnull=False).count() == 2


def test_letting_a_way_leave_says_how_many_people_keep_it(page, team, lead, worker):
    made, stage, (_, video) = small(team, lead)
    pathways.publish(pathway=made, by=lead)
    for _ in range(3):
        choices.come_to_stage(person=make_person(team, by=worker), stage=stage, by=worker)
    address = {"pathway": made.pk}
    toggle = reverse("people:toggle_leaving", kwargs=address | {"option": video.pk})
    assert b"Will leave" in page.post(toggle, {"leaving": "yes"}, follow=True).content
    confirm = page.get(reverse("people:publish", kwargs=address)).content.decode()
    assert "Fewer than 8 people are on this pathway and keep this way." in " ".join(confirm.split())
    assert b"Will leave" not in page.post(toggle, {"leaving": "no"}, follow=True).content
    page.post(toggle, {"leaving": "yes"})
    page.post(reverse("people:publish", kwargs=address))
    assert b"Whoever came before keeps it" in page.get(reverse("people:pathway", kwargs=address)).content
    video.refresh_from_db()
    assert video.withdrawn_at


def test_drafts_are_removed_in_the_browser_and_what_is_refused_is_said(page, team, lead):
    made, stage, (clinic, video) = small(team, lead)
    address = {"pathway": made.pk}
    page.post(reverse("people:remove_option", kwargs=address | {"option": video.pk}))
    assert not Option.objects.filter(pk=video.pk).exists()
    pathways.publish(pathway=made, by=lead)
    said = page.post(reverse("people:remove_option", kwargs=address | {"option": clinic.pk}), follow=True)
    assert b"cannot be taken away" in said.content
    said = page.post(reverse("people:remove_stage", kwargs=address | {"stage": stage.pk}), follow=True)
    assert b"was published and stays" in said.content


def test_a_worker_reads_a_published_pathway_and_finds_nothing_to_change(team, lead, worker):
    made, stage, (clinic, _) = small(team, lead)
    reader = client_of(worker)
    address = reverse("people:pathway", kwargs={"pathway": made.pk})
    assert reader.get(address).status_code == 404
    pathways.publish(pathway=made, by=lead)
    pathways.add_option(stage=stage, way="letter", **DRAFT, by=lead)
    seen = reader.get(address).content.decode()
    assert clinic.title in seen
    assert ways()["letter"].title not in seen
    assert "<form" not in seen.split("<main")[1]
    assert reader.post(reverse("people:publish", kwargs={"pathway": made.pk})).status_code == 403
    assert made.title in reader.get(reverse("people:pathways")).content.decode()


def test_a_lead_of_another_place_finds_no_such_pathway(pathway):
    other = client_of(make_worker(make_place("Elsewhere"), "place_lead"))
    stage = pathway.stages.first()
    address = {"pathway": pathway.pk}
    assert other.get(reverse("people:pathway", kwargs=address)).status_code == 404
    assert other.get(reverse("people:add_option", kwargs=address | {"stage": stage.pk})).status_code == 404
    assert other.post(reverse("people:publish", kwargs=address)).status_code == 404
    assert other.post(
        reverse("people:toggle_leaving", kwargs=address | {"option": stage.options.first().pk}), {"leaving": "yes"}
    ).status_code == 404  # fmt: skip

"""Codebooks and projects out of the house and back: what is carried, who may see whose marks, what is not taken in."""

import uuid
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of
from qdpx_samples import package, published, xml
from qdpx_schema import problems
from systems_factories import make_member, make_tree
from systems_interop_factories import TEXT, make_readings, make_return, make_wave

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.accounts.permissions import roles
from inroads.interop.qdpx import (
    Code,
    Coding,
    Counting,
    Passage,
    Project,
    TextSource,
    User,
    read_codebook,
    read_project,
    write_project,
)
from inroads.interop.qdpx.export import project_of
from inroads.interop.qdpx.framework import _OURS, HOW, codebook_of, guid, guid_of_criterion, guid_of_how
from inroads.interop.qdpx.intake import MOST_MARKS, read_marks, take_in
from inroads.interop.qdpx.matching_texts import Words
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, criteria_of, current
from inroads.reference.models import Kind, Organisation
from inroads.systems import models
from inroads.systems.actions.coding import code, finish_reading
from inroads.systems.actions.returns import give_to_readers

pytestmark = pytest.mark.django_db
EDITION = {"edition": "2026"}


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree(2, 1)
    keeper = make_member(Organisation.objects.get(kind=Kind.ENGLAND), "national_lead", "Kim Keeper")
    of = make_return(systems[0], by=keeper, wave=make_wave(keeper))
    return of, keeper, make_readings(of, by=keeper)


@pytest.fixture
def here(kept, db):
    of, keeper, readings = afresh(kept)
    return of, keeper, readings


def mark(reading, number, criterion="codesign", start=None, end=None, **more):
    passage = reading.of.passages.get(number=number)
    said = {"about": "not_said", "supports": True, "words": ""} | more
    where = {"start": start and passage.start + start, "end": end and passage.start + end}
    return code(reading=reading, passage=passage, criterion=criterion, by=reading.reader, **where, **said)


def marks_of(reading):
    """Every mark that counts, as values."""
    fields = ("passage__number", "criterion", "start", "end", "about", "supports", "words")
    return sorted(reading.codings.filter(withdrawn_at=None).values_list(*fields))


def some_marks(reading):
    mark(reading, 1, about="mental_health", words="They sat on it.\nAll of them & <more>.")
    mark(reading, 1, "board", start=24, end=33)
    mark(reading, 2, supports=False, about="everybody")
    mark(reading, 3, "lasting_money", supports=False)


def address(name, of):
    return reverse(f"exchange:{name}", kwargs={"return_id": of.pk})


def sent(content, name="project.qdpx"):
    return {"file": SimpleUploadedFile(name, content)}


def shown(answer):
    return " ".join(answer.content.decode().replace("&#39;", "'").split())


def elsewhere(text, selections, *, codes=None, name="Another name", guid="0" * 8 + "-0000-0000-0000-" + "0" * 12):
    """A project as another program writes it: its own GUIDs, and selections as start, end, names of codes and who."""
    number = iter(range(1, 100_000))

    def own():
        return f"00000000-0000-0000-0001-{next(number):012}"

    wanted = codes or sorted({code for _, _, given, _ in selections for code in given})
    known = {title: own() for title in wanted}
    people = {who: own() for who in sorted({who for *_, who in selections})}
    passages = tuple(
        Passage(own(), start, end, tuple(Coding(own(), known[each], people[who]) for each in given))
        for start, end, given, who in selections
    )
    source = TextSource(guid, name, text, "internal://a.txt", passages=passages)
    users = tuple(User(guid, who) for who, guid in people.items())
    return Project("Elsewhere", tuple(Code(guid, title) for title, guid in known.items()), users, (source,))


# The codebook


def test_anybody_gets_the_framework_as_a_codebook_that_stays_the_same(client):
    answer = client.get(reverse("exchange:codebook", kwargs=EDITION))
    assert answer["Content-Disposition"] == 'attachment; filename="inroads-framework-2026.qdc"'
    again = client.get(reverse("exchange:codebook", kwargs=EDITION))
    assert answer.content == again.content
    found = read_codebook(answer.content)
    assert (found, found.remarks) == (codebook_of(current()), ())
    criteria = {each.guid: each for each, above in found.every() if above}
    for each in criteria_of(current()):
        written = criteria[guid_of_criterion(each.id)]
        assert (written.name, written.is_codable) == (each.title, True)
        assert written.description.startswith(each.asks)
        assert all(element.title in written.description for element in each.elements().values())
    headings = [each for each, above in found.every() if not above]
    assert len(headings) == 9
    assert not any(each.is_codable for each in headings)
    assert client.get(reverse("exchange:codebook", kwargs={"edition": "1066"})).status_code == 404


def test_guids_are_those_of_files_that_were_written_before():
    """Whoever coded with an earlier file is known again by these."""
    assert guid("any", "thing") == str(uuid.uuid5(_OURS, "any:thing"))
    assert guid_of_criterion("codesign") == "c1fbacb8-b95f-558f-bff9-35cbf4badd26"
    assert guid_of_how("against") == "df042d7e-3639-53d7-a69b-14c5e80f6648"


def test_a_codebook_of_somebody_else_is_set_beside_ours_and_not_kept(here):
    theirs = (
        b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
        b'<Code guid="00000000-0000-0000-0000-000000000001" name="Theirs" isCodable="false">'
        b'<Code guid="00000000-0000-0000-0000-000000000002" name="designed  WITH people" isCodable="true"/>'
        b'<Code guid="00000000-0000-0000-0000-000000000003" name="&lt;b&gt;Only theirs" isCodable="true"/></Code>'
        b"</Codes></CodeBook>"
    )
    page = client_of(here[1])
    told = shown(page.post(reverse("exchange:compared", kwargs=EDITION), sent(theirs, "a.qdc")))
    assert "1 of 20 criteria have a code of theirs" in told
    assert "designed WITH people" in told
    assert "&lt;b&gt;Only theirs" in told
    assert "under Theirs" in told
    ours = page.get(reverse("exchange:codebook", kwargs=EDITION)).content
    told = shown(page.post(reverse("exchange:compared", kwargs=EDITION), sent(ours, "a.qdc")))
    assert "20 of 20 criteria" in told
    for wrong, sentence in (
        (b"nothing", "is not whole XML"),
        (b"PK\x03\x04", "is a package"),
        (b"", "The file is empty"),
    ):
        told = shown(page.post(reverse("exchange:compared", kwargs=EDITION), sent(wrong, "a.qdc")))
        assert sentence in told
        assert "Error: " in told


# Out


def test_a_project_carries_texts_codes_and_all_that_a_mark_says(here):
    of, _, readings = here
    some_marks(readings[0])
    found = read_project(client_of(readings[0].reader).get(address("project", of)).content)
    assert found.remarks == ()
    (source,) = found.sources
    assert (source.guid, source.text) == (str(of.pk), TEXT)
    assert [source.words(each)[:20] for each in source.passages] == [
        "People with lived ex",
        TEXT[24:33],
        "We asked everybody w",
        "Nothing was decided ",
    ]
    names = {each.guid: each.name for each, _ in _every(found.codes)}
    given = [[names[coding.code] for coding in each.codings] for each in source.passages]
    titles = load(Criterion)
    assert given == [
        [titles["codesign"].title, HOW["mental_health"]],
        [titles["board"].title],
        [titles["codesign"].title, HOW["everybody"], HOW["against"]],
        [titles["lasting_money"].title, HOW["against"]],
    ]
    assert [note.text for note in found.notes] == ["They sat on it.\nAll of them & <more>."]
    assert [user.name for user in found.users] == ["First reader"]


def _every(codes):
    return Project("", codes).codebook().every()


def test_projects_hold_to_the_published_schema_and_are_shaped_as_its_samples(here):
    of, _, readings = here
    some_marks(readings[0])
    written = write_project(project_of(of, readings[0].reader))
    assert written == write_project(project_of(of, readings[0].reader))
    with zipfile.ZipFile(BytesIO(written)) as ours, zipfile.ZipFile(published("TestProject.qdpx")) as theirs:
        assert problems(ours.read("project.qde")) == []
        folders = [{name.lower().split("/")[0] for name in each.namelist()} for each in (ours, theirs)]
        assert folders[0] <= folders[1] | {"project.qde", "sources"}


def test_nobody_sees_through_a_project_what_they_may_not_see_on_a_page(here):
    of, keeper, (first, second) = here
    some_marks(first)
    mark(second, 1, words="Hidden from the first")
    assert _marks_in(of, first.reader) == {"First reader": 4}
    assert _marks_in(of, second.reader) == {"Second reader": 1}
    assert _marks_in(of, keeper) == {}
    assert b"Hidden" not in _xml(of, first.reader) + _xml(of, keeper)
    finish_reading(reading=first, by=first.reader)
    assert _marks_in(of, first.reader) == {"First reader": 4}
    assert _marks_in(of, keeper) == {}
    finish_reading(reading=second, by=second.reader)
    both = {"First reader": 4, "Second reader": 1}
    assert _marks_in(of, first.reader) == _marks_in(of, second.reader) == both
    assert _marks_in(of, keeper) == {"Ada Reader": 4, "Ben Reader": 1}
    assert b"Ada" not in _xml(of, second.reader)
    assert str(first.reader_id).encode() not in _xml(of, keeper)


def _xml(of, user):
    answer = client_of(user).get(address("project", of))
    with zipfile.ZipFile(BytesIO(answer.content)) as found:
        return found.read("project.qde")


def _marks_in(of, user):
    found = read_project(client_of(user).get(address("project", of)).content)
    names = {each.guid: each.name for each in found.users}
    counted = {}
    for source in found.sources:
        for each in source.passages:
            counted[names[each.codings[0].created_by]] = counted.get(names[each.codings[0].created_by], 0) + 1
    return counted


def test_a_wave_goes_out_whole_to_those_who_keep_it_and_to_nobody_else(here):
    of, keeper, (first, second) = here
    other = make_return(Organisation.objects.get(name="System 2.1"), by=keeper, wave=of.wave, text="Other words.")
    some_marks(first)
    for reading in (first, second):
        finish_reading(reading=reading, by=reading.reader)
    wave = reverse("exchange:wave", kwargs={"wave": of.wave_id})
    found = read_project(client_of(keeper).get(wave).content)
    assert [each.text for each in found.sources] == [of.text, other.text]
    assert [len(each.passages) for each in found.sources] == [4, 0]
    assert client_of(first.reader).get(wave).status_code == 403
    region = make_member(Organisation.objects.get(name="Region 2"), "national_lead", "Olu Elsewhere")
    found = read_project(client_of(region).get(wave).content)
    assert [each.text for each in found.sources] == [other.text]


def test_no_other_role_and_no_other_reader_gets_a_return_out_or_marks_in(here):
    of, keeper, readings = here
    england = Organisation.objects.get(kind=Kind.ENGLAND)
    stranger = make_member(england, "reader", "Cy Stranger")
    away = make_member(Organisation.objects.get(name="Region 2"), "national_lead", "Olu Elsewhere")
    content = write_project(project_of(of, readings[0].reader))
    for somebody in (stranger, away):
        page = client_of(somebody)
        assert page.get(address("project", of)).status_code == 404
        assert page.get(address("coded", of)).status_code == 404
        assert page.post(address("coded", of), sent(content)).status_code == 404
    assert client_of(keeper).get(address("coded", of)).status_code == 200
    assert client_of(keeper).post(address("coded", of), sent(content)).status_code == 404
    for role in roles().values():
        if {"read_returns", "keep_returns"} & set(role.permissions):
            continue
        where = Organisation.objects.filter(kind__in=role.held_in).first()
        if where:
            page = client_of(make_member(where, role.id))
            assert page.get(address("project", of)).status_code == 403
            assert page.post(address("coded", of), sent(content)).status_code == 403
    with pytest.raises(PermissionDenied):
        take_in(reading=readings[1], project=read_marks(content), by=readings[0].reader)


# In


def test_marks_come_back_whole_and_twice_the_same_is_no_change(here):
    of, _, (first, second) = here
    some_marks(first)
    before = marks_of(first)
    page = client_of(first.reader)
    content = page.get(address("project", of)).content
    told = shown(page.post(address("coded", of), sent(content)))
    assert "0 marks added" in told
    assert "4 marks here already" in told
    assert "Nothing: all of it is here." in told
    first.codings.all().delete()
    told = shown(page.post(address("coded", of), sent(content)))
    assert "4 marks added" in told
    assert "In the file they are by First reader. Here they are yours." in told
    assert marks_of(first) == before
    page.post(address("coded", of), sent(content))
    assert first.codings.count() == 4
    assert AuditEntry.objects.filter(action="marks_taken_in").count() == 3
    assert marks_of(second) == []


def test_what_the_file_says_of_the_same_words_counts_and_what_it_lacks_stays(here):
    of, _, (first, _) = here
    mark(first, 1, words="Before")
    mark(first, 2)
    title = load(Criterion)["codesign"].title
    passage = of.passages.get(number=1)
    project = elsewhere(TEXT, [(passage.start, passage.end, (title, HOW["against"]), "Ada")])
    taken = take_in(reading=first, project=project, by=first.reader)
    assert (taken.added, taken.changed, taken.same) == (0, 1, 0)
    assert [each[1:6:4] for each in marks_of(first)] == [("codesign", False), ("codesign", True)]
    assert first.codings.exclude(withdrawn_at=None).get().words == "Before"


def test_codes_are_known_by_name_and_what_is_not_known_is_listed(here):
    of, _, (first, _) = here
    title = load(Criterion)["codesign"].title
    end = len("People with lived experience")
    second = TEXT.index("We asked")
    selections = [
        (0, end, (title.upper(),), "JS"),
        (0, end, (HOW["mental_health"].upper(),), "JS"),
        (0, end, ("Access",), "JS"),
        (second, second + 5, (title.upper(), HOW["mental_health"].upper(), HOW["everybody"]), "JS"),
        (second, second + 8, (HOW["against"],), "JS"),
        (second, second, (title.upper(),), "JS"),
        (end - 4, second + 8, (title.upper(),), "JS"),
    ]
    page = client_of(first.reader)
    told = shown(page.post(address("coded", of), sent(write_project(elsewhere(TEXT, selections)))))
    assert marks_of(first) == [
        (1, "codesign", 0, end, "mental_health", True, ""),
        (1, "codesign", end - 4, of.passages.get(number=1).end, "not_said", True, ""),
        (2, "codesign", second, second + 8, "not_said", True, ""),
    ]
    assert "3 marks added" in told
    assert "1 mark reached over several passages" in told
    for each in ("no criterion of this return has its GUID or its name", "it is about two groups at once; keep one",
                 "no criterion is given to them", "it marks no words of a passage"):  # fmt: skip
        assert each in told
    assert "code 'Access'" in told


def test_other_documents_and_the_other_readers_marks_stay_out(here):
    of, _, (first, second) = here
    some_marks(second)
    theirs = project_of(of, second.reader)
    taken = take_in(reading=first, project=theirs, by=first.reader)
    assert (taken.added, sum(each.number for each in taken.left)) == (0, 8)
    assert {each.why for each in taken.left} == {"it is the other reader's"}
    title = load(Criterion)["codesign"].title
    project = elsewhere("Something else.", [(0, 9, (title,), "JS")], name="Minutes")
    page = client_of(first.reader)
    told = shown(page.post(address("coded", of), sent(write_project(project))))
    assert "No document in the file has the words of this return." in told
    assert "document 'Minutes'" in told
    assert marks_of(first) == []


def test_a_criterion_against_which_the_return_is_not_read_is_not_taken(here):
    of, _, (first, _) = here
    models.Return.objects.filter(pk=of.pk).update(criteria=["board"])
    title = load(Criterion)["codesign"].title
    project = elsewhere(TEXT, [(0, 9, (title, load(Criterion)["board"].title), "JS")])
    taken = take_in(reading=first, project=project, by=first.reader)
    assert (taken.added, [each.why for each in taken.left]) == (1, ["this return is not read against it"])


def test_nothing_is_half_taken(here, monkeypatch):
    of, _, (first, _) = here
    title = load(Criterion)["codesign"].title
    project = elsewhere(TEXT, [(0, 9, (title,), "JS"), (2, 9, (title,), "JS")])

    def fails(*said, **more):
        raise Refused("Something is in the way")

    monkeypatch.setattr("inroads.systems.actions.marks_together.note", fails)
    told = shown(client_of(first.reader).post(address("coded", of), sent(write_project(project))))
    assert "Something is in the way" in told
    assert first.codings.count() == 0
    monkeypatch.undo()
    monkeypatch.setattr("inroads.interop.qdpx.intake.MOST_MARKS", 1)
    told = shown(client_of(first.reader).post(address("coded", of), sent(write_project(project))))
    assert "The file has more than 1 marks for this return" in told
    assert MOST_MARKS >= 1_000


def test_after_a_reading_is_finished_nothing_comes_in(here):
    of, _, (first, _) = here
    some_marks(first)
    content = write_project(project_of(of, first.reader))
    finish_reading(reading=first, by=first.reader)
    page = client_of(first.reader)
    assert "You have finished reading this return" in shown(page.get(address("coded", of)))
    assert "Take in my marks" not in shown(page.get(address("coded", of)))
    assert "What was taken in" not in shown(page.post(address("coded", of), sent(content)))
    assert first.codings.count() == 4


@pytest.mark.parametrize("counting", list(Counting))
def test_positions_are_understood_as_the_program_counts_them(here, counting):
    first = here[2][0]
    theirs = TEXT.replace("\n", "\r\n")
    begins = theirs.index("caf")
    written = begins
    if counting is Counting.UTF_16:
        written = len(theirs[:begins].encode("utf-16-le")) // 2
    elif counting is Counting.LINE_ENDS_AS_ONE:
        written = begins - theirs[:begins].count("\r\n")
    title = load(Criterion)["codesign"].title
    project = elsewhere(theirs, [(written, written + 4, (title,), "JS")])
    named = project.sources[0].passages[0]
    source = project.sources[0]
    source = TextSource(source.guid, source.name, source.text, source.path, passages=(_named(named, "café"),))
    project = Project(project.name, project.codes, project.users, (source,))
    taken = take_in(reading=first, project=read_marks(write_project(project)), by=first.reader)
    assert taken.added == 1
    (found,) = marks_of(first)
    assert TEXT[found[2] : found[3]] == "café"


def _named(passage, name):
    return Passage(passage.guid, passage.start, passage.end, passage.codings, name)


# Made to do harm


def test_hostile_files_are_refused_on_the_page_in_one_sentence(here):
    of, _, (first, _) = here
    page = client_of(first.reader)
    doctype = '<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("project.qde", b" " * (40 << 20))
    for content, sentence in (
        (b"", "The file is empty"),
        (b"nothing", "is damaged, or not packed as a .qdpx is"),
        (package(xml("<Description>&a;</Description>", head=doctype)), "has a document type"),
        (package(xml(""), {"../../etc/cron.d/x": b"x"}), "leads out of the package"),
        (package(xml(""), {"Sources/" + "n" * 60_000: b"x"}), ""),
        (bomb.getvalue(), "unpacks to more than 32 MiB"),
        (b"x" * ((20 << 20) + 1), "The file is larger than 20 MB"),
    ):
        answer = page.post(address("coded", of), sent(content))
        assert answer.status_code == 200
        assert sentence in shown(answer)
        assert ("Error: " in shown(answer)) == bool(sentence)
    assert first.codings.count() == 0
    assert page.post(address("coded", of)).status_code == 200


# Whatever the words are

LETTERS = st.sampled_from(
    ["a", "Z ", "é", "e\u0301", "👩🏽‍💻", "\U0001f600", "\r\n", "\n", "\n\n", "\r\n\r\n", "& ", "<b>", "\u2028"]
)
TEXTS = st.lists(LETTERS, min_size=1, max_size=40).map("".join).filter(str.strip)


@given(text=TEXTS, data=st.data())
@hypothesis_settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_what_goes_out_comes_back_the_same(here, text, data):
    other, keeper, readings = here
    # Each example has rows of its own, which go with it.
    with transaction.atomic():
        of = make_return(other.organisation, by=keeper, wave=other.wave, text=text)
        people = [each.reader for each in readings]
        reading, _ = give_to_readers(of=of, readers=people, by=keeper)
        for passage in of.passages.all():
            for criterion in ("codesign", "board"):
                start = data.draw(st.integers(passage.start, passage.end - 1))
                end = data.draw(st.integers(start + 1, passage.end))
                if data.draw(st.booleans()) and text[start:end].strip():
                    said = {
                        "words": data.draw(st.sampled_from(["", "Why & <so>", "👩🏽‍💻\n\nline"])),
                        "about": data.draw(st.sampled_from(models.About.values)),
                        "supports": data.draw(st.booleans()),
                    }
                    where = {"passage": passage, "start": start, "end": end}
                    code(reading=reading, criterion=criterion, by=reading.reader, **where, **said)
        content = write_project(project_of(of, reading.reader))
        before = marks_of(reading)
        # An equal reading, of the same return, that has nothing in it.
        reading.codings.all().delete()
        taken = take_in(reading=reading, project=read_marks(content), by=reading.reader)
        assert (marks_of(reading), taken.left, taken.added) == (before, (), len(before))
        assert take_in(reading=reading, project=read_marks(content), by=reading.reader).same == len(before)
        transaction.set_rollback(True)


@given(text=TEXTS, data=st.data())
def test_a_position_lies_at_the_same_words_however_line_ends_are_written(text, data):
    ends = iter(data.draw(st.lists(st.sampled_from(["\n", "\r\n", "\r", "\u2029"]), min_size=60, max_size=60)))
    plain = text.replace("\r\n", "\n").replace("\u2028", "\n")
    other = "".join(next(ends) if char == "\n" else char for char in plain)
    words = Words.between(other, text)
    if "\r\n" in text.replace("\r\n", "") or words is None:
        # Two line ends beside one another may read as one that is written in two characters.
        assert "\r\n" in other
        return
    marked = [place for place, char in enumerate(other) if char not in "\r\n\u2028\u2029"]
    for place in marked:
        assert text[words.place(place)] == other[place]
        assert text[words.place(place + 1) - 1] == other[place]
    assert (words.place(0), words.place(len(other))) == (0, len(text))

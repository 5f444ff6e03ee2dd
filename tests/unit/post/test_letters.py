"""Letters: what waits, one PDF each and one of all, and that they were posted."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from people_factories import make_team, make_worker
from pypdf import PdfReader

from inroads.accounts.models import AuditEntry
from inroads.design.documents import pdf_of_several
from inroads.post.actions import cancel, settling
from inroads.post.models import Message, State
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MILLIMETRES = 25.4 / 72


@pytest.fixture
def team():
    return make_team("The Ryde team")


@pytest.fixture
def sam(team, client):
    """Somebody who works with people in the team, signed in."""
    user = make_worker(team)
    client.force_login(user, backend=BACKEND)
    return user


@pytest.fixture
def elsewhere(team):
    """A team of another provider."""
    provider = add_organisation(kind=Kind.PROVIDER, name="Another provider", parent=team.parent.parent)
    return add_organisation(kind=Kind.TEAM, name="Another team", parent=provider)


def where(reader: PdfReader, words: str) -> tuple[float, float]:
    """Millimetres from the left and top edge of the first page at which these words begin."""
    page, found = reader.pages[0], []

    def visit(text, matrix, text_matrix, *_):
        if words in text:
            x, y = text_matrix[4], text_matrix[5]
            found.append(
                (matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]),
            )

    page.extract_text(visitor_text=visit)
    assert found, f"'{words}' is not on the first page"
    x, y = found[0]
    return x * MILLIMETRES, (float(page.mediabox.height) - y) * MILLIMETRES


@pytest.mark.parametrize("points", [12, 18, 24])
def test_a_letter_is_a_tagged_pdf_with_the_address_in_the_window(write, team, sam, client, points):
    message = write("letter", organisation=team, points=points)
    answer = client.get(reverse("post:letter", args=[message.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    text = reader.pages[0].extract_text()
    for words in ("Robin Quay", "PO33 2HH", "Your phone", "your data ends soon", "The Ryde team", "Page 1 of"):
        assert words in text
    # The window of a DL envelope shows 20 to 115 mm from the left and about 45 to 85 mm from the top.
    for line in ("Robin Quay", "1 High Street", "Ryde", "PO33 2HH"):
        left, top = where(reader, line)
        assert 20 <= left < 40, line
        assert 46 <= top <= 84, line
    assert where(reader, "Your phone")[1] > 90
    entry = AuditEntry.objects.get(action="record_read")
    assert (entry.by, entry.about_id, entry.details) == (sam, str(message.pk), {"part": "letter"})


def test_one_pdf_of_all_counts_the_pages_of_each_letter_on_its_own(write, team, sam, client):
    long = "\n\n".join(["Words that fill a page, again and again, until there is no more room on it."] * 30)
    write("letter", organisation=team, subject="First", body=long, points=18)
    write("letter", organisation=team, subject="Second", points=12)
    reader = PdfReader(io.BytesIO(client.get(reverse("post:all_letters")).content))
    texts = [page.extract_text() for page in reader.pages]
    first = len(texts) - 1
    assert first >= 2
    assert f"Page 1 of {first}" in texts[0]
    assert "Page 1 of 1" in texts[-1]
    assert "Second" in texts[-1]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_long_address_fits_in_the_window(write, team, sam, client):
    lines = ["Robin Quay", *(f"{word} House, a road with a long name in {word}" for word in "abcde"), "PO33 2HH"]
    message = write("letter", organisation=team, to="\n".join(lines), points=24)
    reader = PdfReader(io.BytesIO(client.get(reverse("post:letter", args=[message.pk])).content))
    assert where(reader, "PO33 2HH")[1] < 88


def test_the_list_shows_what_waits_and_is_due(write, team, sam, client, elsewhere):
    write("letter", organisation=team)
    write("letter", organisation=team, to="Later Person\nRyde", not_before=timezone.now() + timedelta(days=3))
    write("letter", organisation=elsewhere, to="Else Where\nRyde")
    write("letter", organisation=team, to="Taken Back\nRyde", key="back")
    cancel(key="back")
    page = client.get(reverse("post:letters")).content.decode()
    assert "Robin Quay" in page
    for name in ("Later Person", "Else Where", "Taken Back"):
        assert name not in page
    # Nothing of what it says.
    assert "your data ends" not in page
    assert AuditEntry.objects.filter(action="letters_listed", by=sam).exists()


def test_printed_and_posted(write, team, sam, client, fresh):
    first, second = write("letter", organisation=team), write("letter", organisation=team)
    address = reverse("post:printed")
    answer = client.post(address, {"letter": [str(first.pk)]}, follow=True)
    assert "1 letter printed and posted" in answer.content.decode()
    assert fresh(first).state == State.PRINTED
    assert fresh(first).sent_at is not None
    answer = client.post(address, {"letter": [str(first.pk), str(second.pk)]}, follow=True)
    assert "1 letter printed and posted" in answer.content.decode()
    assert "no letters to print" in answer.content.decode()
    assert AuditEntry.objects.filter(action="letter_printed").count() == 2
    assert cancel(key=first.key) is False
    assert client.get(reverse("post:letter", args=[first.pk])).status_code == 404


@pytest.mark.parametrize("sent", [{"letter": "x"}, {"letter": ["a-b", ""]}])
def test_odd_input_is_not_found(sent, sam, client):
    assert client.post(reverse("post:printed"), sent).status_code == 404


def test_letters_of_others_cannot_be_read_or_marked(write, sam, client, elsewhere, fresh):
    message = write("letter", organisation=elsewhere)
    assert client.get(reverse("post:letter", args=[message.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        settling.mark_printed(messages=[message.pk], by=sam)
    with pytest.raises(PermissionDenied):
        settling.mark_printed(messages=[uuid4()], by=sam)
    assert client.post(reverse("post:printed"), {"letter": str(message.pk)}).status_code == 403
    assert fresh(message).state == State.WAITING


def test_only_letters_are_printed(write, team, sam, fresh):
    message = write("text", organisation=team)
    with pytest.raises(PermissionDenied):
        settling.mark_printed(messages=[message.pk], by=sam)
    assert Message.objects.get().state == State.WAITING


def test_without_letters_there_is_nothing_to_print(sam, client):
    answer = client.get(reverse("post:all_letters"), follow=True)
    assert "There are no letters to print" in answer.content.decode()


def test_a_file_of_no_letters_is_no_file():
    with pytest.raises(ValueError, match="papers is empty"):
        pdf_of_several([])

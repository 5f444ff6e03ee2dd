"""Loading a return: who may, what is kept, and what is said where it cannot be."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from document_samples import bare_pdf, pdf, word
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_interop_factories import TEXT, make_return, make_wave

from inroads.accounts.models import AuditEntry
from inroads.accounts.permissions import roles
from inroads.interop.documents.forms import LONGEST_PASTED
from inroads.reference.models import Kind, Organisation
from inroads.systems.models import Basis, Return, Wave

pytestmark = pytest.mark.django_db
NEW = reverse("returns_intake:new")


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree(2, 1)
    keeper = make_member(Organisation.objects.get(kind=Kind.ENGLAND), "national_lead", "Kim Keeper")
    return systems, keeper, make_wave(keeper)


@pytest.fixture
def here(kept, db):
    systems, keeper, wave = afresh(kept)
    return systems[0], keeper, wave


def typed(here, **other):
    system, _, wave = here
    return {"wave": str(wave.pk), "organisation": str(system.pk), "title": "What we do (invented)", **other}


def file(content, name="return.pdf"):
    return SimpleUploadedFile(name, content)


def test_a_pdf_becomes_a_return_and_its_text_is_shown_to_be_checked(here):
    system, keeper, wave = here
    page = client_of(keeper)
    content = pdf("<h1>How we work</h1><p>We asked people.</p><p style='break-before:page'>The <i>second</i> page.")
    answer = page.post(NEW, typed(here, file=file(content, "../../how we work.pdf")), follow=True)
    made = Return.objects.get()
    assert answer.redirect_chain == [(reverse("returns_intake:read", kwargs={"return_id": made.pk}), 302)]
    assert (made.file_name, made.file_kind) == ("how we work.pdf", "application/pdf")
    assert (made.sha256, bytes(made.file.content)) == (hashlib.sha256(content).hexdigest(), content)
    assert (made.wave, made.organisation, len(made.criteria)) == (wave, system, 20)
    shown = answer.content.decode()
    assert "This is what we read: 3 passages, 2 pages" in " ".join(shown.split())
    assert '<h3 class="nhsuk-heading-s">Page 2</h3>' in shown
    assert "The second page." in shown
    assert reverse("systems:return", kwargs={"return_id": made.pk}) in shown
    assert AuditEntry.objects.filter(action="return_added").count() == 1


def test_what_is_left_out_of_a_document_is_said_once_it_is_loaded(here):
    body = "<w:p><w:r><w:t>Words</w:t></w:r><w:r><w:drawing/></w:r></w:p>"
    shown = client_of(here[1]).post(NEW, typed(here, file=file(word(body), "a.docx")), follow=True).content.decode()
    assert "Pictures and charts are not read" in shown
    assert "This is what we read: 1 passage, from" in " ".join(shown.split())


def test_a_pasted_text_becomes_a_return_without_a_file(here):
    client_of(here[1]).post(NEW, typed(here, text="One\r\ngoes on.\r\n\r\n\r\nTwo <b>\x07."))
    made = Return.objects.get()
    assert (made.text, made.file_name, made.file_kind, made.sha256) == ("One\ngoes on.\n\nTwo <b>.", "", "", "")
    assert made.passages.count() == 2


def test_a_long_return_is_shown_part_by_part_with_as_many_questions(here, django_assert_max_num_queries):
    _, keeper, wave = here
    text = "\n\n".join(f"Paragraph {number}." for number in range(1, 131))
    made = make_return(here[0], by=keeper, wave=wave, text=text)
    page, address = client_of(keeper), reverse("returns_intake:read", kwargs={"return_id": made.pk})
    page.get(address)
    with django_assert_max_num_queries(12):
        first = page.get(address).content.decode()
    assert "Paragraph 50." in first
    assert "Paragraph 51." not in first
    last = page.get(f"{address}?page=3").content.decode()
    assert "part 3 of 3" in last
    assert "Paragraph 130." in last
    assert page.get(f"{address}?page=many").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Give the return a name"),
        ({"wave": ""}, "Choose the wave"),
        ({"organisation": "nothing"}, "Select a valid choice"),
        ({"file": lambda: file(b"")}, "The file is empty"),
        ({"file": lambda: file(b"%PDF-1.7")}, "is broken, or no PDF"),
        ({"file": lambda: file(bare_pdf(b""))}, "this is a picture of text; type it or have it recognised first"),
        ({"file": lambda: file(b"x" * ((20 << 20) + 1))}, "The file is larger than 20 MB"),
        ({"file": lambda: file(b"Words.", "n" * 101 + ".txt")}, ""),
        ({"file": lambda: file(b"Words."), "text": "More words."}, "There is a file and a pasted text. Keep one"),
        ({"text": " \r\n "}, "Choose a file, or paste the text"),
        ({"text": "w" * (LONGEST_PASTED + 1)}, f"Paste {LONGEST_PASTED:,} characters at most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(here, wrong, sentence):
    sent = typed(here, title="A name I typed")
    sent |= {key: value() if callable(value) else value for key, value in wrong.items()}
    if "file" not in wrong and "text" not in wrong:
        sent["text"] = "The text that I pasted."
    answer = client_of(here[1]).post(NEW, sent)
    if not sentence:
        assert Return.objects.get().file_name == "n" * 101 + ".txt"
        return
    shown = answer.content.decode()
    assert sentence in shown.replace("&#39;", "'")
    assert "Error: " in shown
    if "title" not in wrong:
        assert 'value="A name I typed"' in shown
    if "wave" not in wrong:
        assert f'value="{sent["wave"]}" selected' in shown or f'value="{sent["wave"]}"' in shown
    assert sent.get("text", "").strip()[:500] in shown
    assert ("Choose the file again: a browser does not keep it" in shown) == ("file" in wrong)
    assert not Return.objects.exists()


def test_the_same_file_twice_is_refused_where_it_was_chosen(here):
    page = client_of(here[1])
    page.post(NEW, typed(here, file=file(b"The same words.")))
    shown = page.post(NEW, typed(here, file=file(b"The same words."))).content.decode()
    assert "This file is in this wave already" in shown
    assert 'id="id_file-error"' in shown
    page.post(NEW, typed(here, text="Pasted words."))
    shown = page.post(NEW, typed(here, text="Pasted words.")).content.decode()
    assert "This text is in this wave already" in shown
    assert 'id="id_file-error"' not in shown
    assert Return.objects.count() == 2


def test_waves_that_rest_on_something_else_are_not_offered(here):
    _, keeper, wave = here
    other = Wave.objects.create(title="Another", on=wave.on, basis=Basis.FILE, source="A file", recorded_by=keeper)
    page = client_of(keeper)
    assert "Another" not in page.get(NEW).content.decode()
    sent = typed(here, text="Words.") | {"wave": str(other.pk)}
    assert page.post(NEW, sent).status_code == 200
    assert not Return.objects.exists()
    Wave.objects.filter(basis=Basis.RETURNS).delete()
    assert "There is no wave that rests on returns yet" in page.get(NEW).content.decode()


def test_who_keeps_returns_elsewhere_loads_none_here_and_sees_none(here):
    system, keeper, wave = here
    region = Organisation.objects.get(kind=Kind.REGION, name="Region 2")
    other = make_member(region, "national_lead", "Olu Elsewhere")
    assert system.name not in client_of(other).get(NEW).content.decode()
    client_of(other).post(NEW, typed(here, text="Words."))
    assert not Return.objects.exists()
    made = make_return(system, by=keeper, wave=wave, text=TEXT)
    address = reverse("returns_intake:read", kwargs={"return_id": made.pk})
    assert client_of(other).get(address).status_code == 404
    assert client_of(keeper).get(address).status_code == 200


@pytest.mark.parametrize("role", [role for role in roles() if role != "national_lead"])
def test_no_other_role_loads_returns(here, role):
    known = roles()[role]
    where = Organisation.objects.filter(kind__in=known.held_in).order_by("pk").first() or here[0]
    if "keep_returns" in known.permissions:
        return
    assert client_of(make_member(where, role)).get(NEW).status_code == 403

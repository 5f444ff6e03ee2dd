"""Lending without shame: nothing anywhere in it can ask for money, or keep anybody from the next loan."""

import re
from pathlib import Path

import pytest
from django.db import models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lending_factories import lend, make_item
from people_factories import make_person, make_team, make_worker

from inroads.people.actions import loan_support, loans
from inroads.people.models import Item, ItemEvent, Loan, Waiting, Wipe

ROOT = Path(__file__).resolve().parents[3]
WORDS = (
    "debt", "debts", "debtor", "fine", "fines", "fined", "fee", "fees", "charge", "charges", "charged", "deposit",
    "deposits", "ban", "bans", "banned", "blacklist", "blacklisted", "penalty", "penalties", "penalise", "owed",
    "invoice", "amount", "price", "cost", "repay", "repayment", "suspend", "suspended", "barred", "blocked", "strike",
    "strikes", "offence", "liable", "fault",
)  # fmt: skip
# What is said so that nobody fears it.
PROMISES = ("at no cost to you", "It is nobody's fault", "either is no fault")
SHAMELESS = re.compile(
    rf"\b({'|'.join(WORDS)})\b|(?<![a-z])({'|'.join(WORDS)})(?=_)|(?<=_)({'|'.join(WORDS)})(?![a-z])", re.I
)
FILES = [
    *(ROOT / "inroads" / "people").glob("*/lending.py"),
    *(ROOT / "inroads" / "people").glob("*/stock*.py"),
    *(ROOT / "inroads" / "people").glob("*/loan*.py"),
    *(ROOT / "inroads" / "people").glob("*/bundles.py"),
    *(ROOT / "inroads" / "people").glob("jobs_lending.py"),
    *(ROOT / "inroads" / "people" / "templates").rglob("stock*.html"),
    *(ROOT / "inroads" / "people" / "templates").rglob("loan*.html"),
    *(ROOT / "inroads" / "methods" / "stock").glob("*.py"),
    *(ROOT / "definitions" / "kit").glob("*.toml"),
    *(ROOT / "definitions" / "bundles").glob("*.toml"),
    ROOT / "inroads" / "reference" / "definitions" / "lending.py",
    ROOT / "docs" / "methods" / "stock.md",
]
ENDS = ("returned", "lost", "stolen", "pawned", "broken", "theirs", "open", "reserved", "freed")


def found_in(text):
    for promise in PROMISES:
        text = text.replace(promise, "")
    return [match.group(0) for match in SHAMELESS.finditer(text)]


def test_the_search_would_find_it():
    for bad in ("a fine of 5", "fee = 1", "is_banned", "late_fee", "ban_until", "No deposit", "Charges"):
        assert found_in(bad), bad
    for good in ("charger", "feel", "defined", "bank", "confined", "It is nobody's fault"):
        assert not found_in(good), good


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_of_money_or_of_blame_stands_in_lending(path):
    assert found_in(path.read_text(encoding="utf-8")) == []


def test_there_are_files_to_search():
    assert len(FILES) > 35


def test_no_model_of_lending_can_hold_a_sum_or_a_bar():
    for model in (Item, ItemEvent, Loan, Waiting, Wipe):
        names = {field.name for field in model._meta.get_fields()}
        assert not [name for name in names if found_in(name)]
        assert not [
            field for field in model._meta.get_fields() if isinstance(field, models.DecimalField | models.FloatField)
        ]


@pytest.fixture
def world(db):
    worker = make_worker(make_team())
    return worker, worker.memberships.get().organisation


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=st.lists(st.sampled_from(ENDS), max_size=8), kind=st.sampled_from(["phone", "keyboard", "sim"]))
def test_whatever_became_of_earlier_loans_the_next_is_made_at_once(world, past, kind):
    worker, team = world
    with transaction.atomic():
        person = make_person(team, by=worker)
        for how in past:
            item = make_item(team, by=worker)
            if how in ("reserved", "freed"):
                kept = loans.reserve(item=item, person=person, for_day=timezone.localdate(), by=worker)
                if how == "freed":
                    loans.free(loan=kept, by=worker)
                continue
            loan = lend(item, person, worker)
            if how == "returned":
                loans.give_back(loan=loan, by=worker)
            elif how == "theirs":
                loans.make_theirs(loan=loan, by=worker)
            elif how != "open":
                loan_support.say_gone(loan=loan, why=how, by=worker)
        next_one = lend(make_item(team, by=worker, kind=kind, data=90 if kind == "sim" else None), person, worker)
        assert next_one.ended_at is None
        assert next_one.lent_at is not None
        transaction.set_rollback(True)


def test_no_action_asks_what_became_of_earlier_loans():
    """Lending reads no loan but the one that is open for the very item."""
    text = (ROOT / "inroads" / "people" / "actions" / "loans.py").read_text()
    read = re.findall(r"Loan\.objects\.(?!create)[^\n]*", text)
    assert read
    for line in read:
        assert "person=" not in line
        assert "ended_how" not in line

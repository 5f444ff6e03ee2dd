"""Papers by their code, as far as a reader works with the person."""

from inroads.accounts.queries import Somebody
from inroads.people.models import PaperForm
from inroads.people.queries.records import people_visible_to

# Letters and digits that nobody confuses when they read them aloud or copy them by hand.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTH = 8


def check_letter(body: str) -> str:
    """The letter that ends a code: with it, one wrong letter is always found and a swap of neighbours nearly always.

    Luhn's formula modulo the number of letters (ISO/IEC 7812-1 has it for digits).
    """
    size, total = len(CODE_LETTERS), 0
    for place, letter in enumerate(reversed(body)):
        value = CODE_LETTERS.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // size + value % size
    return CODE_LETTERS[-total % size]


def code_as_typed(typed: str) -> str:
    """A code without its dash, in capitals; "" where it cannot be one. What codes do not have is never guessed."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(code) != LENGTH or any(letter not in CODE_LETTERS for letter in code):
        return ""
    return code if check_letter(code[:-1]) == code[-1] else ""


def code_as_printed(code: str) -> str:
    """In two halves, as it is read aloud."""
    return f"{code[:4]}-{code[4:]}"


def paper_by_code(user: Somebody, typed: str) -> PaperForm | None:
    """The paper with this code, where the user works with its person; else None, whatever the reason."""
    code = code_as_typed(typed)
    found = PaperForm.objects.filter(code=code).select_related("person__organisation").first() if code else None
    if found is None or not people_visible_to(user).filter(pk=found.person_id).exists():
        return None
    return found

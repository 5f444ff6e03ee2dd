"""Papers by their code, as far as a reader works with the person."""

from inroads.accounts.codes import CODE_LETTERS, check_letter
from inroads.accounts.queries import Somebody
from inroads.people.models import PaperForm
from inroads.people.queries.records import people_visible_to

LENGTH = 8


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

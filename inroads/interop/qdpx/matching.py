"""What a project that was coded elsewhere says of a return of ours: which marks it means, and what cannot be taken."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from inroads.accounts.words import tidy
from inroads.design.fields import LONGEST_WORDS
from inroads.interop.qdpx.framework import AGAINST, HOW, guid_of_criterion, guid_of_how, name_of
from inroads.interop.qdpx.matching_texts import Words, marks_in, texts_of
from inroads.interop.qdpx.model import Coding, Passage, Project, TextSource, every_code
from inroads.interop.qdpx.problems import shown
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems import models
from inroads.systems.actions.marks_together import Marked

_ABOUT = (models.About.MENTAL_HEALTH.value, models.About.EVERYBODY.value)
NO_CRITERION = "no criterion of this return has its GUID or its name"
NOT_AGAINST_IT = "this return is not read against it"
OTHER_WORDS = "its text is not that of the return"
NO_TEXT = "its text is not in the file"
NO_WORDS = "it marks no words of a passage"
WHOLE = "it is given to the whole document, not to words in it"
SOMEBODY_ELSES = "it is the other reader's"
HOW_ALONE = "it says how words speak, but no criterion is given to them"
BOTH_ABOUT = "it is about two groups at once; keep one"
TWICE = "the same words are marked with this criterion already, with something else said of them"
LONG_NOTE = f"its note is longer than {LONGEST_WORDS:,} characters"
NOT_IN_TEXT = "it is marked in the picture of a page, not in its text"


@dataclass(frozen=True)
class Left:
    """Something that is not taken, why, and how many marks it is."""

    what: str
    why: str
    number: int


@dataclass
class Matched:
    """What a file means. `by` are the names under which its marks were made there."""

    wanted: dict[tuple[str, int, int], Marked] = field(default_factory=dict)
    by: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    parted: int = 0
    texts: int = 0

    @property
    def left(self) -> tuple[Left, ...]:
        """What is not taken, the most frequent first."""
        return tuple(Left(what, why, number) for (what, why), number in self.left_out.most_common())


def match(
    project: Project, of: models.Return, passages: Sequence[models.Passage], *, others: frozenset[str]
) -> Matched:
    """What a project says of a return. `others` are GUIDs under which somebody else's marks stand."""
    return _Match(project, of, passages, others).whole()


class _Match:
    """One project against one return."""

    def __init__(
        self, project: Project, of: models.Return, passages: Sequence[models.Passage], others: frozenset[str]
    ) -> None:
        self._project, self._of, self._passages, self._others = project, of, passages, others
        self._starts = [each.start for each in passages]
        self._codes = {code.guid: code.name for code, _ in every_code(project.codes)}
        self._criteria, self._how = _meanings(self._codes.items())
        self._notes = {note.guid: note.text or "" for note in project.notes}
        self._users = {user.guid: user.name or user.id for user in project.users}
        self._found = Matched()

    def whole(self) -> Matched:
        """All texts of the project."""
        for source, text in texts_of(self._project):
            named = f"document {shown(source.name or 'without a name')}"
            if drawn := marks_in(source):
                self._leave(named, NOT_IN_TEXT, drawn)
            if text is None:
                continue
            if text.text is None:
                self._leave(named, NO_TEXT, len(text.passages))
                continue
            words = Words.between(text.text, self._of.text)
            if words is None:
                self._leave(named, OTHER_WORDS, sum(len(each.codings) for each in text.passages))
                continue
            self._found.texts += 1
            for coding in (*text.codings, *(source.codings if source is not text else ())):
                self._leave(self._code(coding), WHOLE)
            self._text(text, words)
        return self._found

    def _text(self, text: TextSource, words: Words) -> None:
        how = self._how_alone(text.passages)
        used: set[tuple[int, int, str]] = set()
        for selection in text.passages:
            by_user: dict[str, list[Coding]] = defaultdict(list)
            for coding in selection.codings:
                if coding.created_by in self._others:
                    self._leave(self._code(coding), SOMEBODY_ELSES)
                elif coding.code not in self._how and coding.code not in self._criteria:
                    self._leave(self._code(coding), NO_CRITERION)
                else:
                    by_user[coding.created_by].append(coding)
            for who, codings in by_user.items():
                place = (selection.start, selection.end, who)
                own = [each for each in codings if each.code in self._criteria]
                said = {self._how[each.code] for each in codings if each.code in self._how}
                for coding in own:
                    used.add(place)
                    self._mark(coding, selection, words, said or how.get(place, set()))
        for place, said in how.items():
            if place not in used:
                for each in said:
                    self._leave(f"code {shown(HOW[each])}", HOW_ALONE)

    def _how_alone(self, selections: Iterable[Passage]) -> dict[tuple[int, int, str], set[str]]:
        """What is said of words in a selection of its own, as programs write it that know one code a selection."""
        found: dict[tuple[int, int, str], set[str]] = defaultdict(set)
        for selection in selections:
            with_criterion = {each.created_by for each in selection.codings if each.code in self._criteria}
            for coding in selection.codings:
                who = coding.created_by
                if coding.code in self._how and who not in with_criterion and who not in self._others:
                    found[selection.start, selection.end, who].add(self._how[coding.code])
        return found

    def _mark(self, coding: Coding, selection: Passage, words: Words, said: set[str]) -> None:
        named, criterion = self._code(coding), self._criteria[coding.code]
        about = [each for each in _ABOUT if each in said]
        notes = list(dict.fromkeys((*coding.notes, *selection.notes)))
        why = tidy("\n\n".join(filter(None, (self._notes.get(each, "") for each in notes))))
        parts = list(self._parts(words.place(selection.start), words.place(selection.end)))
        wrong = NOT_AGAINST_IT if criterion not in self._of.criteria else ""
        wrong = wrong or (BOTH_ABOUT if len(about) > 1 else "")
        wrong = wrong or (LONG_NOTE if len(why) > LONGEST_WORDS else "") or ("" if parts else NO_WORDS)
        if wrong:
            self._leave(named, wrong)
            return
        self._found.parted += len(parts) > 1
        for passage, start, end in parts:
            group = about[0] if about else models.About.NOT_SAID.value
            made = Marked(passage, criterion, start, end, group, AGAINST not in said, why)
            if self._found.wanted.setdefault(made.where, made) != made:
                self._leave(named, TWICE)
        self._found.by[self._users.get(coding.created_by, "")] += 1

    def _parts(self, start: int, end: int) -> Iterator[tuple[models.Passage, int, int]]:
        """The passages in which words lie, with where they begin and end in each."""
        for place in range(max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)):
            passage = self._passages[place]
            first, last = max(start, passage.start), min(end, passage.end)
            if first < last and self._of.text[first:last].strip():
                yield passage, first, last

    def _code(self, coding: Coding) -> str:
        return f"code {shown(self._codes.get(coding.code, coding.code))}"

    def _leave(self, what: str, why: str, number: int = 1) -> None:
        if number:
            self._found.left_out[what, why] += number


def _meanings(codes: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Which criterion and which way of speaking a code is, by its GUID: ours, else by name."""
    known = load(Criterion)
    by_guid, named = {guid_of_criterion(name): name for name in known}, criteria_by_name(known.values())
    how_by_guid, how_named = {guid_of_how(name): name for name in HOW}, {name_of(HOW[name]): name for name in HOW}
    criteria: dict[str, str] = {}
    how: dict[str, str] = {}
    for own, title in codes:
        if own in by_guid or own in how_by_guid:
            criteria |= {own: by_guid[own]} if own in by_guid else {}
            how |= {own: how_by_guid[own]} if own in how_by_guid else {}
        elif name_of(title) in named:
            criteria[own] = named[name_of(title)]
        elif name_of(title) in how_named:
            how[own] = how_named[name_of(title)]
    return criteria, how


def criteria_by_name(criteria: Iterable[Criterion]) -> dict[str, str]:
    """Criteria by their titles as names are compared; those that share one are not told apart by it, and left out."""
    listed = [(name_of(each.title), each.id) for each in criteria]
    times = Counter(name for name, _ in listed)
    return {name: own for name, own in listed if times[name] == 1}

"""Nothing counts people's records but through the one door: the extract, and disclosure control behind it.

What is found here by reading the code and is not in a list below fails. Whoever adds to a list says why it is no figure
about people: lists of their own people that a team reads, checks that nothing was forgotten, things in a stock.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "inroads"
# Rooms above that of people, which put it together with others.
MAY_IMPORT_PEOPLE = {"config", "web", "people"}
# The interoperability room opens records only for what is named here, each with its reason.
INTEROP_MAY_IMPORT: dict[str, str] = {}
READS_THE_EXTRACT = {
    "config/settings/base.py": "says where it is",
    "config/settings/test.py": "says where it is in tests",
    "people/actions/figures.py": "has it made each month, and hands it to what counts behind disclosure control",
}
OPENS_AN_EXTRACT = {
    "analytics/extract_writing.py": "writes its tables",
    "people/queries/extract.py": "makes it",
    "people/queries/extract_people.py": "makes one of its tables",
    "people/queries/extract_said.py": "makes two of its tables",
    "people/queries/extract_moves.py": "makes two of its tables",
    "people/actions/figures.py": "hands it to the room of what is released",
    "released/making.py": "is the door: counts are made fit to leave before they are kept",
}
# File and function, what it does, and why that is no figure about people that anybody could read.
COUNTS: dict[tuple[str, str, str], str] = {
    ("actions/bundles.py", "lend_bundle", ".count()"): "how many mentors one person has, to find those who are missing",
    ("actions/pathways.py", "add_stage", ".aggregate()"): "the place behind the last stage of a pathway, nobody's",
    ("actions/pathways.py", "add_option", ".aggregate()"): "the place behind the last way at a stage, nobody's",
    ("actions/pathways.py", "publish", ".aggregate()"): "the moment somebody came last, so that they keep every way",
    ("forms/mentors.py", "kept_organisations", ".count()"): "organisations of the user: one needs no choice",
    ("forms/records.py", "AddPersonForm.__init__", ".count()"): "organisations of the user: one needs no choice",
    ("jobs.py", "look_for_orphans", ".count()"): "referrals that nobody looks after: there are none, or the job fails",
    ("jobs_lending.py", "look_after_places", ".count()"): "wards that were not told: there are none, or the job fails",
    ("presenters/lending.py", "choices_of", "Counter()"): "free things in a stock, for whoever lends them",
    ("queries/bulk.py", "Snapshot._read", ".extra()"): "which rows make a block of the extract",
    ("queries/bulk_engines.py", "Postgres.fetch", ".execute()"): "reads a block for the extract",
    ("queries/bulk_engines.py", "Postgres.places", ".execute()"): "how large a table is, to read it in blocks",
    ("queries/bulk_engines.py", "Postgres.readers", ".execute()"): "begins to read one moment",
    ("queries/bulk_engines.py", "Sqlite.fetch", ".execute()"): "reads a block for the extract",
    ("queries/bulk_engines.py", "Sqlite.places", ".execute()"): "how large a table is, to read it in blocks",
    ("queries/bulk_engines.py", "Sqlite.readers", ".execute()"): "begins to read one moment",
    ("queries/choices.py", "people_on", ".count()"): "how many keep what a team withdraws, told to whoever draws it",
    ("queries/mentors.py", "_with_facts", "Count()"): "how many one mentor works with, so that nobody gets too many",
    ("queries/records.py", "_with_all", ".count()"): "which word of a name is the rarest, to find it fast; never shown",
    ("queries/stock.py", "counts", "Count()"): "things in a stock by where they are, for whoever keeps it",
    ("queries/stock.py", "counts", "Counter()"): "things in a stock by where they are, for whoever keeps it",
    ("queries/stock_history.py", "history_in", "Min()"): "when the first thing of a kind came into a stock",
}  # fmt: skip
# Calls by which rows become numbers, or which go around the ORM, where this test could not see what they do.
FUNCTIONS = {
    *("Count", "Sum", "Avg", "StdDev", "Variance", "Min", "RegrCount", "Counter", "RawSQL"),
    *("protect", "protect_parts", "bincount", "histogram", "groupby", "value_counts"),
}
METHODS = {"aggregate", "extra", "raw", "execute", "executemany", "bincount", "value_counts", "histogram", "group_by"}


@cache
def sources(below: Path = ROOMS) -> list[tuple[str, ast.Module]]:
    """Every file of code with what stands in it; migrations ran once and show nothing to anybody."""
    paths = [path for path in sorted(below.rglob("*.py")) if "migrations" not in path.parts]
    return [(path.relative_to(below).as_posix(), ast.parse(path.read_text())) for path in paths]


def imported(tree: ast.Module) -> set[str]:
    """The full names of all that is imported, by statements or by a name in quotes."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports say where from in full"
            found |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("inroads."):
            found.add(node.value)
    return found


def speaks_of(tree: ast.Module, word: str) -> bool:
    """Whether a name, an attribute or a text in quotes is this word."""
    named = {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(tree)}
    quoted = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return word in named | quoted


def counting(tree: ast.Module) -> set[tuple[str, str]]:
    """Function and call, for everything by which rows become numbers."""
    found = set()

    def look(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            look(child, f"{inside}.{child.name}".lstrip(".") if named else inside)
            if isinstance(child, ast.Call) and (what := _counts(child)):
                found.add((inside, what))

    look(tree, "")
    return found


def _counts(call: ast.Call) -> str:
    """What a call counts with, or ""."""
    if isinstance(call.func, ast.Name):
        return f"{call.func.id}()" if call.func.id in FUNCTIONS else ""
    if not isinstance(call.func, ast.Attribute):
        return ""
    name = call.func.attr
    # Texts and lists are asked how often something is in them; rows are counted without saying what.
    if name == "count" and not call.args and not call.keywords:
        return ".count()"
    if name == "at":
        return f"{ast.unparse(call.func)}()"
    if name == "unique" and any(each.arg == "return_counts" for each in call.keywords):
        return ".unique(return_counts)"
    if name in METHODS:
        return f".{name}()"
    return f"{name}()" if name in FUNCTIONS else ""


def test_only_rooms_above_open_peoples_records():
    wrong = []
    for file, tree in sources():
        room = file.split("/")[0]
        if room in MAY_IMPORT_PEOPLE or file in INTEROP_MAY_IMPORT or not (ROOMS / room).is_dir():
            continue
        wrong += [f"{file}: {name}" for name in imported(tree) if f"{name}.".startswith("inroads.people.")]
    assert not wrong, "Records are read in the room of people alone:\n" + "\n".join(wrong)
    assert all(file.startswith("interop/") and why for file, why in INTEROP_MAY_IMPORT.items())


def test_no_other_room_asks_for_the_models_or_tables_of_people_by_name():
    wrong = []
    for file, tree in sources():
        if file.startswith("people/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"get_model", "get_app_config"}:
                wrong += [file for each in node.args if isinstance(each, ast.Constant) and "people" in str(each.value)]
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "people_" in node.value:
                tables = ("people_answer", "people_person", "people_choice", "people_conversation", "people_loan")
                wrong += [f"{file}: {each}" for each in tables if each in node.value]
    assert not wrong


def test_within_the_room_of_people_nothing_is_counted_without_a_reason():
    found = {(file, *each) for file, tree in sources(ROOMS / "people") for each in counting(tree)}
    new = sorted(found - set(COUNTS))
    assert not new, (
        "This counts people's records. Count in the extract, behind the one door (inroads.released), or say in COUNTS "
        "why it is no figure about people:\n" + "\n".join(map(str, new))
    )
    gone = sorted(set(COUNTS) - found)
    assert not gone, "This is not there any more; take it out of COUNTS:\n" + "\n".join(map(str, gone))
    assert all(len(why) > 20 for why in COUNTS.values())


def test_only_the_way_out_and_the_door_read_the_extract():
    where = {file for file, tree in sources() if speaks_of(tree, "EXTRACT_DIR")}
    assert where == set(READS_THE_EXTRACT), where ^ set(READS_THE_EXTRACT)
    modules = ("inroads.analytics.extract", "inroads.analytics.extract_writing")
    opening = {
        file
        for file, tree in sources()
        if speaks_of(tree, "open_extract")
        or any(name in modules or name.rpartition(".")[0] in modules for name in imported(tree))
    }
    assert opening == set(OPENS_AN_EXTRACT), opening ^ set(OPENS_AN_EXTRACT)


def test_true_counts_go_into_disclosure_control_and_nowhere_else():
    counted = "inroads.analytics.counted"
    users = {file for file, tree in sources() if any(name.startswith(counted) for name in imported(tree))}
    assert users
    assert not {file for file in users if not file.startswith(("released/", "analytics/"))}


def test_the_directory_learns_whom_touchpoints_reach_from_open_releases_alone():
    writing = re.compile(r"(\w+\.)*Reach(\.objects\..*(create|update|update_or_create|get_or_create|delete))?")
    writers = {
        file
        for file, tree in sources()
        if any(name.startswith("inroads.directory.models") for name in imported(tree))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and writing.fullmatch(ast.unparse(node.func))
    }
    assert writers == {"people/actions/reach.py"}
    tree = ast.parse((ROOMS / "people/actions/reach.py").read_text())
    assert not any(name.startswith(("inroads.analytics", "inroads.people")) for name in imported(tree))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("Answer.objects.filter(a=1).count()", ".count()"),
        ("Answer.objects.aggregate(n=models.Count('pk'))", ".aggregate()"),
        ("Answer.objects.values('a').annotate(n=Count('pk'))", "Count()"),
        ("Answer.objects.annotate(n=models.Avg('a'))", "Avg()"),
        ("cursor.execute('SELECT count(*) FROM t')", ".execute()"),
        ("Answer.objects.raw('SELECT 1')", ".raw()"),
        ("np.add.at(table, rows, 1)", "np.add.at()"),
        ("np.unique(rows, return_counts=True)", ".unique(return_counts)"),
        ("Counter(each.topic for each in rows)", "Counter()"),
        ("table.group_by('a')", ".group_by()"),
    ],
)
def test_a_new_way_of_counting_is_found(code, what):
    tree = ast.parse(f"class Page:\n    def lines(self):\n        return {code}")
    assert ("Page.lines", what) in counting(tree)


@pytest.mark.parametrize("code", ["'aab'.count('a')", "[1].count(1)", "len(rows)", "np.unique(rows)", "rows.filter()"])
def test_what_counts_no_rows_is_left_alone(code):
    assert not counting(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "import inroads.people.models",
        "from inroads.people import models",
        "from inroads.people.models import Answer",
        "def late():\n    from inroads import people",
        "import_module('inroads.people.models')",
    ],
)
def test_every_way_of_importing_people_is_found(code):
    assert any(f"{name}.".startswith("inroads.people.") for name in imported(ast.parse(code)))

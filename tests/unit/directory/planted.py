"""An invented directory in which it is known what is listed twice: series of one host, one activity in many towns."""

import random
import string
from dataclasses import replace

from inroads.directory.queries.duplicates import Row

BEGIN = [
    "Ash",
    "Bart",
    "Brig",
    "Clev",
    "East",
    "Filt",
    "Gool",
    "Han",
    "Keyn",
    "Lawr",
    "Mess",
    "New",
    "Old",
    "Patch",
    "Red",
    "Shank",
    "Thorn",
    "Ulce",
    "Vent",
    "Wint",
    "Yat",
    "Wroot",
]
END = [
    "by",
    "ton",
    "ford",
    "ham",
    "field",
    "wick",
    "leigh",
    "worth",
    "stead",
    "bury",
    "port",
    "sham",
    "combe",
    "mouth",
    "den",
    "well",
]
TOWNS = [begin + end for begin in BEGIN for end in END]
HOSTS = [
    "Community Centre",
    "Library",
    "Methodist Church",
    "Village Hall",
    "Children's Centre",
    "Healthy Living Centre",
    "Carers Association",
    "Mind",
    "Age Concern",
    "Disability Forum",
    "Citizens Advice Bureau",
    "Youth Project",
    "Refugee Welcome",
    "Women's Aid",
    "Foodbank",
    "Tenants and Residents Association",
    "Somali Resource Centre",
    "Sight Loss Council",
    "Allotment Society",
    "Boxing Club",
]
WHAT = [
    "Knit and Natter",
    "Chair Yoga",
    "Memory Cafe",
    "Debt Advice Drop-in",
    "Walking Football",
    "Homework Club",
    "Bereavement Support",
    "Computer Beginners",
    "English Conversation",
    "Baby Sensory",
    "Men's Shed",
    "Community Lunch",
    "Befriending Service",
    "Art Class",
    "Gardening Group",
    "Stroke Support",
    "Singing for Pleasure",
    "Tai Chi",
    "Toddler Group",
    "Job Club",
    "Digital Champions",
    "Craft Circle",
    "Parent Carer Peer Support",
    "Hearing Aid Clinic",
    "Women's Wellbeing Circle",
    "Tablet Loan Scheme",
    "Over 60s Swimming",
    "Photography",
    "History Talks",
    "Mindfulness Course",
    "Counselling",
    "Advocacy",
    "Warm Space",
    "Book Group",
    "Play Reading",
    "Quiz Night",
]
WHEN = ["", "", "", " Monday", " Tuesday", " Thursday", " Morning", " Evening", " Group 1", " Group 2", " (beginners)"]
SENTENCES = [
    "Come along for a cup of tea and a chat",
    "All abilities are welcome and there is no need to book",
    "Our volunteers will meet you at the door",
    "We run every week in term time",
    "The room is on the ground floor",
    "You can bring somebody with you",
    "We help with letters, forms and phone calls",
    "There is parking behind the building",
    "A small donation helps us to pay for the hall",
    "We speak several languages",
    "Ring first if it is your first time",
    "Our group has met since 1998",
    "Lunch is cooked by people from the neighbourhood",
    "Children can come as well",
    "Staff are trained in mental health first aid",
    "We lend equipment to those who need it",
    "It is free for carers",
]
SHORT = {
    "Community": "Comm",
    "Centre": "Ctr",
    "Association": "Assoc",
    "Group": "Grp",
    "Service": "Svc",
    "Society": "Soc",
}


def directory(size: int, doubles: int, seed: int) -> tuple[list[Row], set[tuple[str, str]]]:
    """Rows in random order, and the pairs that are one."""
    dice = random.Random(seed)
    surnames = ["".join(dice.choices(string.ascii_lowercase, k=dice.randint(5, 9))).title() for _ in range(size // 6)]
    rows: list[Row] = []
    used: set[tuple[str, str]] = set()
    while len(rows) < size - doubles:
        row, what = _row(dice, f"a{len(rows):06d}", surnames)
        # Nothing is listed twice but what is planted below.
        if (row.offered_by, what) not in used and (row.offered_by, "") not in used:
            used.add((row.offered_by, what))
            rows.append(row)
    known = set()
    for number, kept in enumerate(dice.sample(rows, doubles)):
        double = _twice(dice, kept, f"b{number:06d}")
        rows.append(double)
        known.add((kept.id, double.id))
    dice.shuffle(rows)
    return rows, known


def _row(dice: random.Random, own: str, surnames: list[str]) -> tuple[Row, str]:
    """A service and what tells it apart from the others of its host."""
    town, what = dice.choice(TOWNS), dice.choice(WHAT)
    host = f"{dice.choice(surnames)} {dice.choice(HOSTS)}" if dice.random() < 0.8 else f"{town} {dice.choice(HOSTS)}"
    name = dice.choice([f"{what}{dice.choice(WHEN)}", f"{what} - {town}", f"{host} {what}", f"{town} {what}", host])
    # Groups of one kind on several days are told apart by the day, and those in several towns by the town.
    apart = f"{what} {name}" if name[-1].isdigit() or name.split()[-1] in {*map(str.strip, WHEN), town} else what
    # What a series has in common is in every one of its descriptions.
    about = random.Random(host).sample(SENTENCES, 3)
    about += [f"{host} offers {what.lower()} in {town}", *dice.sample(SENTENCES, dice.randint(1, 5))]
    site = host.lower().replace(" ", "").replace("'", "")
    outward, unit = dice.randint(1, 40), "".join(dice.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    row = Row(
        id=own,
        name=name,
        offered_by=host,
        plain=". ".join(about),
        postcodes=(f"BS{outward} {dice.randint(1, 9)}{unit}",) if dice.random() < 0.7 else (),
        phone=f"0117 4960 {random.Random(host).randint(100, 999)}" if dice.random() < 0.6 else "",
        website=f"https://www.{site}.example" if dice.random() < 0.7 else "",
    )
    return row, "" if name == host else apart


def _twice(dice: random.Random, row: Row, own: str) -> Row:
    """The same service as another list has it."""
    name = row.name
    for change in dice.sample((_misspelt, _reordered, _shortened, _with_host), dice.choice((1, 1, 2))):
        name = change(dice, name, row)
    sentences = row.plain.split(". ")
    style = dice.random()
    if style < 0.4:
        dice.shuffle(sentences)
    elif style < 0.8:
        sentences = [*dice.sample(sentences, max(2, len(sentences) * 2 // 3)), dice.choice(SENTENCES)]
    else:
        sentences = ["No description"]
    return replace(
        row,
        id=own,
        name=name,
        offered_by=dice.choice([row.offered_by, row.offered_by, _shortened(dice, row.offered_by, row), ""]),
        plain=". ".join(sentences),
        postcodes=row.postcodes if dice.random() < 0.8 else (),
        phone=row.phone.replace(" ", "") if dice.random() < 0.7 else "",
        website=row.website.replace("https://www.", "http://") if dice.random() < 0.7 else "",
    )


def _misspelt(dice: random.Random, name: str, row: Row) -> str:
    words = name.split()
    at = max(range(len(words)), key=lambda number: len(words[number]))
    word = words[at]
    spot = dice.randint(1, len(word) - 2)
    words[at] = dice.choice(
        [
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
            word[:spot] + word[spot + 1 : spot + 2] + word[spot] + word[spot + 2 :],
            word[:spot] + dice.choice(string.ascii_lowercase) + word[spot + 1 :],
        ]
    )
    return " ".join(words)


def _reordered(dice: random.Random, name: str, row: Row) -> str:
    words = [word for word in name.split() if word != "-"]
    half = max(1, len(words) // 2)
    return f"{' '.join(words[half:])}, {' '.join(words[:half])}" if len(words) > 1 else name.upper()


def _shortened(dice: random.Random, name: str, row: Row) -> str:
    if "Citizens Advice Bureau" in name:
        return name.replace("Citizens Advice Bureau", "CAB")
    return " ".join(SHORT.get(word, word) for word in name.replace(" and ", " & ").split())


def _with_host(dice: random.Random, name: str, row: Row) -> str:
    return f"{row.offered_by}: {name}" if row.offered_by not in name else name.replace("'", "")

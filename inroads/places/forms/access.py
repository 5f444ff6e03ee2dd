"""What a reader can ask of the help there is: which kind, how far, how each place counts; and where more would go."""

from collections.abc import Mapping

from django import forms

from inroads.places.queries import access, siting
from inroads.places.queries.assets import LIBRARY
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help

MOST_PLACES = 20
NEAREST, FARTHEST = 200, 10_000
MOST_ROOM = 1_000_000


def helps_to_choose() -> list[tuple[str, str]]:
    """Any help, libraries, and every kind of help by title."""
    listed = sorted((each.title, each.id) for each in load(Help).values())
    return [("", "Any help"), (LIBRARY, "A library"), *((key, title) for title, key in listed)]


def chosen(label: str, choices: list[tuple[str, str]], *, wrong: str, missing: str = "") -> forms.ChoiceField:
    """One of a list; `wrong` is said of what is not in it, `missing` where nothing is chosen, else `wrong` too."""
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"invalid_choice": wrong, "required": missing or wrong}
    )


def kind_of_help(label: str) -> forms.ChoiceField:
    """Any help, or one kind. The form fills in which there are, as they are read then."""
    return forms.ChoiceField(
        label=label, required=False, error_messages={"invalid_choice": "Choose a kind of help from the list"}
    )


def typed_number(label: str, help_text: str) -> forms.CharField:
    """A number as it is typed; the form reads it."""
    return forms.CharField(
        label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}), help_text=help_text
    )


class FromTheAddress(forms.Form):
    """A form sent with GET, so that what it shows can be bookmarked. What the address does not name is as `default`."""

    default: Mapping[str, str] = {}

    def __init__(self, address: Mapping[str, str]) -> None:
        self.sent = [name for name in self.base_fields if name in address]
        super().__init__({**self.default, **{name: address[name] for name in self.sent}})

    def kept(self) -> dict[str, str]:
        """What the address asks, for links; nothing where something in it is wrong."""
        return {name: str(self.data[name]) for name in self.sent} if self.is_valid() else {}


class HelpForm(FromTheAddress):
    """Which help to look at on the page of what is in reach."""

    default = {"help": "", "metres": "2000", "count": access.EACH}

    help = kind_of_help("Kind of help")
    metres = forms.TypedChoiceField(
        label="In reach means at most",
        choices=[(str(each), f"{each // 1000} km in a straight line") for each in access.DISTANCES],
        coerce=int,
        error_messages=dict.fromkeys(("invalid_choice", "required"), "Choose a distance from the list"),
    )
    count = chosen(
        "Each place counts",
        [
            (access.EACH, "as one"),
            (access.HOURS, "by the hours a week it is open"),
            (access.ROOM, "by its room for more people this month"),
        ],
        wrong="Choose from the list how each place counts",
    )

    def __init__(self, address: Mapping[str, str]) -> None:
        super().__init__(address)
        self.fields["help"].choices = helps_to_choose()

    def asked(self) -> tuple[str, int, str]:
        """Kind of help, metres, and how each place counts; as unasked where something was wrong."""
        if not self.is_valid():
            return "", int(self.default["metres"]), access.EACH
        said = self.cleaned_data
        return said["help"], said["metres"], said["count"]


class SitingForm(FromTheAddress):
    """A plan for a number of places more. Its address can be kept and passed on."""

    default = {
        "places": "3",
        "candidates": siting.CENTRES,
        "help": LIBRARY,
        "keep": siting.OFFERING,
        "metres": "2000",
        "room": "",
        "fair": siting.ALIKE,
        "demand": siting.PEOPLE,
    }

    places = typed_number("How many more places can you fund?", f"From 1 to {MOST_PLACES}")
    metres = typed_number(
        "How far is in reach, in metres?", "In a straight line from where people live; the way there is longer"
    )
    candidates = chosen(
        "Where could they be?",
        [
            (siting.CENTRES, "In the middle of any neighbourhood"),
            (siting.LIBRARIES, "In a library that is there"),
            (siting.COMMUNITY, "At a community place that is there"),
        ],
        wrong="Choose from the list where they could be",
        missing="Choose where",
    )
    help = kind_of_help("Which help is it about?")
    keep = chosen(
        "What is there already and stays?",
        [
            (siting.OFFERING, "Every place listed with this help"),
            (siting.LIBRARIES, "Every library"),
            (siting.NONE, "Nothing: plan from an empty map"),
        ],
        wrong="Choose from the list what stays",
        missing="Choose what stays",
    )
    room = typed_number(
        "How many people has each place room for?", "Leave it empty where each can take all who live in reach"
    )
    demand = chosen(
        "Who is to be reached?",
        [
            (siting.PEOPLE, "Everybody who lives there"),
            (siting.LEFT_OUT, "People who would be left out of digital-only care, as estimated"),
        ],
        wrong="Choose from the list who is to be reached",
        missing="Choose who",
    )
    fair = chosen(
        "Who counts how much?",
        [
            (siting.ALIKE, "Everybody counts alike"),
            (siting.TWICE, "People where risk is highest count twice"),
            (siting.LEAST, "The fifth of risk that is reached least counts more"),
        ],
        wrong="Choose from the list who counts",
        missing="Choose who counts",
    )

    def __init__(self, address: Mapping[str, str]) -> None:
        super().__init__(address)
        self.fields["help"].choices = helps_to_choose()

    def clean_places(self) -> int:
        """From 1 to `MOST_PLACES`."""
        return self._whole("places", "How many more places", 1, MOST_PLACES)

    def clean_metres(self) -> int:
        """From `NEAREST` to `FARTHEST`."""
        return self._whole("metres", "How far", NEAREST, FARTHEST)

    def clean_room(self) -> int | None:
        """From 1, or nothing."""
        typed = self.cleaned_data["room"]
        return self._whole("room", "The room of each place", 1, MOST_ROOM) if typed.strip() else None

    def _whole(self, name: str, what: str, least: int, most: int) -> int:
        typed = str(self.cleaned_data[name]).strip().replace(",", "").replace(" ", "")
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12:
            raise forms.ValidationError(f"{what} must be a whole number, from {least:,} to {most:,}")
        if not least <= int(typed) <= most:
            raise forms.ValidationError(f"{what} must be from {least:,} to {most:,}")
        return int(typed)

    def asked(self) -> siting.Asked:
        """The question. Only for a form that is valid."""
        said = self.cleaned_data
        return siting.Asked(
            open_new=said["places"],
            candidates=said["candidates"],
            keep=said["keep"],
            help=said["help"],
            metres=float(said["metres"]),
            room=said["room"],
            fair=said["fair"],
            demand=said["demand"],
        )

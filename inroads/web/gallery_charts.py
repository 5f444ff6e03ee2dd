"""Charts for the gallery, each also with input that is hard to draw. All figures and names here are made up."""

from inroads.design.charts import (
    Bar,
    BellDot,
    Chart,
    Dot,
    Line,
    Node,
    StageBox,
    Tie,
    Way,
    bars,
    bell,
    dots,
    network,
    stages,
)

LONG = "Households in temporary accommodation with no fixed line and nobody nearby who could help with a first sign-in"
RUN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch"


def charts() -> list[Chart]:
    """Every kind once as it should be used, then once with odd input."""
    return [
        _before_and_after(),
        _odd_dots(),
        dots([], series=("Before",), title="Dots: nothing", description="No group has a figure."),
        *_bars(),
        _together(),
        _odd_network(),
        network([], [], title="Network: nothing", description="Nothing goes together."),
        _pathway(),
        _odd_stages(),
        stages([], title="Stages: nothing", description="A pathway without stages."),
        *_bells(),
    ]


def _before_and_after() -> Chart:
    lines = [
        Line("All people", (Dot(62, 58, 66), Dot(71, 67, 75))),
        Line("Aged 65 and over", (Dot(41.5, 33, 50), Dot(58, 49, 67)), href="#gallery-caption"),
        Line(
            "Born outside the United Kingdom", (None, Dot(66, 50, 82)), note="Before: fewer than 10 people, not shown."
        ),
        Line("Living alone", (Dot(55, 47, 63), Dot(54, 46, 62))),
    ]
    return dots(
        lines,
        series=("Before", "After"),
        title="Dots: who came, before and after a change",
        description="In all groups but one, more people came after the change than before.",
        high=100,
    )


def _odd_dots() -> Chart:
    lines = [
        Line(
            f"Group {number}", (Dot(10.0 * number), Dot(12.0 * number, 3, 140), None, Dot(40), Dot(5), Dot(97, 96, 98))
        )
        for number in range(1, 6)
    ]
    lines += [
        Line(LONG, (Dot(-40, -60, -20), Dot(140), Dot(50, -10, 110), None, None, None)),
        Line(RUN, (None,) * 6, note=LONG),
        Line("<b>Not bold</b> & \x00 no control", (Dot(50),) * 6, href="#gallery-caption"),
    ]
    return dots(
        lines,
        series=("Circle", "Diamond", "Square", "Triangle", "A series with a name that needs two lines or so", "Cross"),
        title="Dots: six series, long labels, and figures outside the axis",
        description="Figures below 0 and above 100 are arrows.",
        high=100,
    )


def _bars() -> list[Chart]:
    barriers = [
        Bar("No device or connection that works", 1234, 1100, 1380, "#gallery-caption"),
        Bar("Cost", 870, 790, 960),
        Bar("Confidence", 655, 580, 740),
        Bar("Nowhere private", 0, 0, 12),
        Bar("Another reason", None),
    ]
    odd = [
        Bar(LONG, 2.5e12, 1e12, 4.9e12),
        Bar(RUN, -1.25e12),
        Bar("Very small", 0.0000012),
        Bar("A long label that just leaves no room", 1_000_001),
    ]
    drawn = [
        (barriers, "people by what would keep them out", "No device or connection leads.", "people"),
        (odd, "huge, tiny and below zero", "Trillions beside millionths.", "£"),
        ([Bar("One bar", 3.5)], "one line", "A single bar.", "per 100 people"),
    ]
    return [
        bars(lines, title=f"Bars: {title}", description=description, unit=unit)
        for lines, title, description, unit in drawn
    ]


def _together() -> Chart:
    nodes = [
        Node("device", "No device of one's own", 46),
        Node("cost", "Cost of data", 38),
        Node("skill", "Has not learnt it yet", 35),
        Node("trust", "Worry about who sees it", 29),
        Node("private", "Nowhere private to talk", 21),
        Node("sight", "Text too small", 9),
        Node("language", "Other languages", 12),
    ]
    ties = [
        Tie("device", "cost", 24),
        Tie("skill", "trust", 17),
        Tie("device", "skill", 15),
        Tie("private", "trust", 11),
        Tie("cost", "private", 6),
        Tie("sight", "skill", 5),
        Tie("language", "trust", 4),
        Tie("device", "trust", 3),
        Tie("language", "skill", 2),
    ]
    return network(
        nodes,
        ties,
        title="Network: what people name together",
        description="No device and cost are most often named together.",
    )


def _odd_network() -> Chart:
    names = [LONG, RUN, "A", "<script>", *(f"Reason number {number}" for number in range(10))]
    nodes = [Node(str(at), name, 1_000.0 * at) for at, name in enumerate(names)]
    ties = [
        Tie(str(one), str(other), 0.01 + (one * other * 7) % 11, "a label too long for an arc" if one == 3 else "")
        for one in range(13)
        for other in range(one)
    ]
    return network(
        nodes,
        ties,
        title="Network: all tied to all, and one to none",
        description="Only the strongest ties have their number in the drawing.",
    )


def _pathway() -> Chart:
    return stages(
        [
            StageBox("Asking for help", (Way("By phone", False), Way("Through a form", True)), False),
            StageBox("Choosing a time", (Way("In the app", True), Way("By text message link", True)), True),
            StageBox(
                "First talk", (Way("In person", False), Way("By video", True)), False, "Video needs 1 GB an hour."
            ),
        ],
        title="Stages: a pathway",
        description="Choosing a time is digital only.",
    )


def _odd_stages() -> Chart:
    return stages(
        [StageBox(LONG, (Way(LONG, True),), True, LONG), StageBox(RUN, (), False), StageBox("<i>", (), True)],
        title="Stages: long words, and a stage without ways",
        description="",
    )


def _bells() -> list[Chart]:
    groups, shares = ("first of all", "early ones", "late ones", "last of all"), (0.16, 0.34, 0.34, 0.16)

    def dots_of(counts: tuple[int, ...], **more: object) -> list[BellDot]:
        return [BellDot(group, **more) for group, count in enumerate(counts) for _ in range(count)]

    some = [BellDot(0, 1), BellDot(1, 0), BellDot(1, 2), BellDot(2, 1, own=True), BellDot(3, 2)]
    some = [*dots_of((5, 13, 9, 7)), *some]
    drawn = [
        ([*some, BellDot(1, label=LONG, href="#gallery-caption")], "40 that stand on it", "Five stand between groups."),
        (dots_of((0, 0, 1, 0)), "one alone", "A single dot."),
        (
            [*dots_of((3, 150, 20, 27)), *[BellDot(1, 2)] * 9],
            "209 of which most stand together",
            "Dots leave the curve.",
        ),
        ([], "nothing", "Nobody stands on it."),
    ]
    return [
        bell(dots, groups=groups, shares=shares, title=f"Bell: {title}", description=description)
        for dots, title, description in drawn
    ]

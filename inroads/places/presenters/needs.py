"""Barriers as a picture: how often each is named, and which go together."""

from inroads.design.charts import Bar, Chart, Node, Tie, bars, network
from inroads.places.queries.needs import Needs

LISTED = 40
MOST_NODES, MOST_TIES = 14, 20
MOST_BARS = 15


def ranked(needs: Needs) -> Chart:
    """The barriers most people named, with 90% intervals."""
    lines = [Bar(each.title, 100 * each.value, 100 * each.low, 100 * each.high) for each in needs.shares[:MOST_BARS]]
    return bars(
        lines,
        title="What is hard, for how many of those who answered",
        description="Share of people for whom it is there, or a bit. Lines are 90% intervals.",
        unit="%",
    )


def drawn(needs: Needs) -> Chart:
    """The pairs that surely go together, the strongest; a tie's number is by how many points the share rises."""
    ties: dict[tuple[str, str], Tie] = {}
    titles: dict[str, str] = {}
    for each in needs.together:
        key = (min(each.one, each.other), max(each.one, each.other))
        if not each.sure or each.difference <= 0 or key in ties:
            continue
        new = {each.one: each.one_title, each.other: each.other_title}
        if len({**titles, **new}) > MOST_NODES:
            continue
        titles |= new
        ties[key] = Tie(each.one, each.other, 100 * each.difference, f"+{100 * each.difference:.0f}")
        if len(ties) == MOST_TIES:
            break
    shares = {each.topic: each.value for each in needs.shares}
    nodes = [Node(key, title, round(100 * shares.get(key, 0.0))) for key, title in titles.items()]
    return network(
        nodes,
        list(ties.values()),
        title="Barriers that go together",
        description="The number beside a name is the share of people for whom it is hard, in per cent. The number on a "
        "tie is by how many points that share is higher among those for whom the other is hard.",
    )

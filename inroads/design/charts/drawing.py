"""The sheet that every chart is drawn on, and what comes off it.

Across, places are percentages of whatever width there is; down, they are in em of the text. So the text has the size of
the page's own at every width, grows where a reader makes text larger, and nothing needs a script. Words stand above
what they belong to, in lines for the narrowest screen (`NARROWEST`).

A chart is never the only way in: its `head` and `rows` are the same figures as a table. Its links are therefore for the
pointer only (`tabindex="-1"`), as those of `design/maps.py`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from inroads.design.charts.words import clean, wrapped

# Width in em of a chart on a screen of 320 pixels, its page's margins taken off.
NARROWEST = 18.0
LINE = 1.3
# Percent of the width: where the axis begins and ends, so that marks at its ends have room.
LEFT, RIGHT = 5.0, 95.0


@dataclass(frozen=True)
class Row:
    """One row of the table beside a chart; `href` belongs to its first cell."""

    cells: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing, its title and description, and the same figures as a table: `head` and `rows`.

    `mark` begins every id in `svg`; it follows from what is drawn, so that the same chart is always the same text.
    """

    svg: Markup
    title: str
    description: str
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    mark: str = ""

    def on_page(self, table_id: str = "") -> Markup:
        """The drawing with ids that also hold those of its table: the same chart can stand on a page twice."""
        if not (table_id and self.mark):
            return self.svg
        return Markup(self.svg.replace(self.mark, f"{escape(table_id)}-{self.mark}"))  # noqa: S704 - escaped


@dataclass
class Sheet:
    """A drawing in the making, from the top down: `y` is how far it has come, in em.

    It begins with a little room: in some fonts letters with accents are taller than an em.
    """

    drawn: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    y: float = 0.1

    def add(self, svg: str) -> None:
        """One more element; whoever adds it has escaped its words."""
        self.drawn.append(svg)

    def words(self, text: str, *, x: str, y: float, look: str = "", anchor: str = "", aside: float = 0.0) -> None:
        """One line of words whose letters stand on `y`; `x` with its unit, and `aside` em further to the right."""
        look = f' class="{look}"' if look else ""
        anchor = f' text-anchor="{anchor}"' if anchor else ""
        shift = f' dx="{em(aside)}"' if aside else ""
        self.add(f'<text x="{x}" y="{em(y)}"{shift}{look}{anchor}>{escape(clean(text))}</text>')

    def paragraph(
        self,
        text: str,
        *,
        x: str = "0",
        width: float = NARROWEST,
        most: int = 3,
        look: str = "",
        href: str = "",
    ) -> None:
        """Words in at most `most` lines of `width` em from where the sheet has come to; the rest is in the table.

        With `href`, the words are a link for the pointer.
        """
        lines = wrapped(text, width=width, most=most, bold="bold" in look)
        parts = []
        for line in lines:
            parts.append(f'<tspan x="{x}" y="{em(self.y + 1)}">{escape(line)}</tspan>')
            self.y += LINE
        whole = f"<title>{escape(clean(text))}</title>" if lines and lines[-1].endswith("…") else ""
        look = f' class="{look}"' if look else ""
        svg = f"<text{look}>{whole}{''.join(parts)}</text>"
        if href:
            self.links.append(f'<a href="{escape(href)}" tabindex="-1">{svg}</a>')
        else:
            self.add(svg)

    def line(self, x: float, y: float, to_x: float, to_y: float, look: str) -> None:
        """A straight line; across in percent, down in em."""
        self.add(f'<line class="{look}" x1="{pc(x)}" y1="{em(y)}" x2="{pc(to_x)}" y2="{em(to_y)}"/>')

    def box(self, x: float, y: float, width: float, height: float, look: str) -> None:
        """A rectangle; across in percent, down in em."""
        self.add(f'<rect class="{look}" x="{pc(x)}" y="{em(y)}" width="{pc(width)}" height="{em(height)}"/>')

    def shape(self, d: str, *, x: str, y: float, look: str, name: str = "") -> None:
        """A path in sixteenths of an em around a middle; `name` is shown to the pointer."""
        name = f"<title>{escape(clean(name))}</title>" if name else ""
        self.add(
            f'<svg x="{x}" y="{em(y)}" width="1em" height="1em" viewBox="0 0 16 16" overflow="visible">'
            f'<path class="{look}" d="{d}">{name}</path></svg>'
        )

    def chart(
        self,
        kind: str,
        *,
        title: str,
        description: str,
        head: Sequence[str] = (),
        rows: Sequence[Row] = (),
        size: str = "",
    ) -> Chart:
        """What has been drawn, as a chart. `size` is a `viewBox` for the kinds that are drawn in units of their own."""
        title, description = clean(title), clean(description)
        if not title:
            raise ValueError("title is empty: a chart needs one, because somebody may only hear it.")
        body = "".join(self.drawn)
        if self.links:
            body = f'<g aria-hidden="true">{body}</g>{"".join(self.links)}'
        seen = hashlib.sha256(f"{kind}\0{title}\0{description}\0{body}".encode()).hexdigest()
        mark = f"chart-{seen[:12]}"
        role = "group" if self.links else "img"
        names, said = f"{mark}-title", f'<title id="{mark}-title">{escape(title)}</title>'
        if description:
            names += f" {mark}-desc"
            said += f'<desc id="{mark}-desc">{escape(description)}</desc>'
        size = f'viewBox="{size}"' if size else f'width="100%" height="{em(self.y + 0.3)}"'
        svg = Markup(  # noqa: S704 - words and addresses are escaped where they are added, the rest is numbers
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" {size} role="{role}" aria-labelledby="{names}">'
            f"{said}{body}</svg>"
        )
        return Chart(svg, title, description, tuple(head), tuple(rows), mark)


def nothing(
    *, title: str, description: str, head: Sequence[str] = (), rows: Sequence[Row] = (), why: str = ""
) -> Chart:
    """A chart that says there is nothing to draw; the table may still name what has no figure."""
    sheet = Sheet()
    sheet.paragraph(why or "Nothing to draw: there are no figures.")
    return sheet.chart("empty", title=title, description=description, head=head, rows=rows)


def em(number: float) -> str:
    """1.25em."""
    return f"{round(number, 2):g}em"


def pc(number: float) -> str:
    """12.5%."""
    return f"{round(number, 2):g}%"

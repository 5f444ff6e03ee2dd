"""Charts as plain SVG beside a table with the same figures. No script, no outside host; see `drawing` for how they fit.

`design/chart.html` puts them on pages: `chart_figure` the drawing, `chart_table` its table.
"""

from inroads.design.charts.bars import Bar, bars
from inroads.design.charts.bell import BellDot, bell
from inroads.design.charts.dots import Dot, Line, dots
from inroads.design.charts.drawing import Chart, Row
from inroads.design.charts.network import Node, Tie, network
from inroads.design.charts.stages import StageBox, Way, stages

__all__ = [
    "Bar",
    "BellDot",
    "Chart",
    "Dot",
    "Line",
    "Node",
    "Row",
    "StageBox",
    "Tie",
    "Way",
    "bars",
    "bell",
    "dots",
    "network",
    "stages",
]

"""Boundaries: GeoJSON in longitude and latitude, or in British National Grid, to repaired polygons in metres."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyproj import Transformer

from inroads.interop.open_data.files import Content
from inroads.interop.open_data.problems import FileError, shown
from inroads.interop.open_data.recognise import LINE, Recognised, fitting, matched, not_recognised
from inroads.reference.definitions.figures import Source

_NO_SHAPE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    shapely.errors.ShapelyError,
)  # fmt: skip
_UK_DEGREES = (-9.5, 49.0, 3.0, 62.0)
_UK_METRES = (-100_000.0, -10_000.0, 800_000.0, 1_350_000.0)


def to_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (WGS84) to easting and northing in metres (EPSG:27700), within about 5 m."""
    return Transformer.from_crs(4326, 27700, always_xy=True).transform(lon, lat)


def read(content: Content, sources: Mapping[str, Source]) -> Recognised:
    """The source of a GeoJSON file and its shapes: code, name, wkb (metres), repaired. Raises `FileError`."""
    try:
        document = json.loads(content.text)
    except json.JSONDecodeError as error:
        raise FileError(
            f"{content.path}: line {error.lineno}: not readable as GeoJSON ({error.msg}): download the file again."
        ) from error
    except (ValueError, RecursionError) as error:
        why = "brackets nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise FileError(f"{content.path}: not readable as GeoJSON ({why[:100]}): download the file again.") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(feature, dict) for feature in features):
        raise FileError(f"{content.path}: expected a GeoJSON FeatureCollection with at least one feature.")
    for number, feature in enumerate(features, 1):
        if not isinstance(feature.get("properties") or {}, dict):
            found = shown(feature["properties"])
            raise FileError(
                f"{content.path}: feature {number}: properties are {found}, expected names with values: download the "
                "file again."
            )
    headings = list(features[0].get("properties") or {})
    source = fitting(headings, sources, boundaries=True)
    if source is None:
        raise not_recognised(headings, sources, path=content.path, boundaries=True)
    names = {name: headings[at] for name, at in matched(source, headings).items()}
    shapes = np.array([_shape(feature, number, content) for number, feature in enumerate(features, 1)])
    _refuse_empty(shapes, content)
    shapes, repaired = _repair(_metres(shapes, content))
    columns: dict[str, Any] = {
        name: [str((feature.get("properties") or {}).get(heading, "")) for feature in features]
        for name, heading in names.items()
    }
    for name, values in columns.items():
        for number, value in enumerate(values, 1):
            if not value.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs") for char in value):
                raise FileError(
                    f"{content.path}: feature {number}, property '{names[name]}': found {shown(value)}, expected whole "
                    "characters and no control characters: download the file again."
                )
    columns["wkb"] = shapely.to_wkb(shapes).tolist()
    columns[LINE] = np.arange(1, len(features) + 1, dtype=np.int32)
    note = f"{repaired} of {len(shapes):,} shapes crossed themselves and were repaired."
    return Recognised(source, pa.table(columns), notes=(note,) if repaired else ())


def _shape(feature: dict[str, Any], number: int, content: Content) -> Any:
    where = f"{content.path}: feature {number}"
    geometry = feature.get("geometry")
    kind = geometry.get("type", "nothing") if isinstance(geometry, dict) else geometry or "nothing"
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        found = shown(kind)
        raise FileError(
            f"{where}: geometry is {found}, expected Polygon or MultiPolygon: download the boundaries again."
        )
    try:
        return shapely.geometry.shape(geometry)
    except _NO_SHAPE as error:
        why = str(error)[:100]
        raise FileError(f"{where}: the coordinates do not form a polygon ({why}): download it again.") from error


def _refuse_empty(shapes: np.ndarray, content: Content) -> None:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    wrong = shapely.is_empty(shapes)
    wrong[owner[~np.isfinite(points).all(axis=1)]] = True
    if wrong.any():
        raise FileError(
            f"{content.path}: feature {int(np.flatnonzero(wrong)[0]) + 1}: the geometry has empty coordinates, "
            "expected the points of a polygon: download the boundaries again."
        )


def _metres(shapes: np.ndarray, content: Content) -> np.ndarray:
    bounds = shapely.total_bounds(shapes)
    if _inside(bounds, _UK_DEGREES):
        return shapely.transform(shapes, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))
    if _inside(bounds, _UK_METRES) and np.abs(bounds).max() > 360:
        return shapes
    raise FileError(
        f"{content.path}: coordinates run from {bounds[0]:.6g}, {bounds[1]:.6g} to {bounds[2]:.6g}, {bounds[3]:.6g}, "
        "expected longitude and latitude or British National Grid within the United Kingdom."
    )


def _inside(bounds: np.ndarray, limits: tuple[float, float, float, float]) -> bool:
    west, south, east, north = limits
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def _repair(shapes: np.ndarray) -> tuple[np.ndarray, int]:
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return shapes, int(broken.sum())

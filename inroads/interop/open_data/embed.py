"""Making the embedded tables again: the figures of one place copied out of a store that holds all of England."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from inroads.analytics import schema
from inroads.analytics.published import NUMBERS, TEXTS, Area, Published, open_published
from inroads.interop.open_data.libraries import NAMED
from inroads.interop.open_data.problems import EmbedError
from inroads.reference import definitions
from inroads.reference.definitions.figures import Group, Indicator, Source

DECIMALS = 6
_ROUNDED = f"Numbers are rounded to {DECIMALS} decimal places."
_LISTED = ("postcode in the 2016 list", NAMED)
_ABOVE = ("code", "name", "formal_name", "kind", "parents", "expected", "loaded", "ods_code")
_SUMMARY = ("n", "mean", "minimum", "maximum", *(f"q{at}" for at in schema.QUANTILES))
Origins = dict[str, tuple[str, str]]  # column: the ids of its sources, and how it was derived from them


def embed(store: Path, *, place: str, folder: Path) -> list[Path]:
    """Write the figures of a local authority as CSV tables, each with its description, into `folder`.

    `store` holds all of England, loaded from the publishers' files. Writing twice gives the same bytes. Returns the
    files written; they keep the names that `embedded` reads when the place is the one embedded before. Raises
    `EmbedError`, and writes nothing, where the store does not hold what is needed.
    """
    published, area = _whole(store, place)
    stem = re.sub(r"\W+", "_", area.name.casefold()).strip("_")
    rows = published.neighbourhoods.rows(place)
    areas = [published.areas[code] for code in (*reversed(area.parents), place)]
    wanted = [each for each in areas if each.kind != "nhs_region"]
    tables = {
        stem: _neighbourhoods(published, area, rows),
        "summaries": _summaries(published, wanted),
        f"{stem}_areas": _areas(published, areas, rows),
        f"{stem}_libraries": _libraries(published, area),
        f"{stem}_outline": _outline(published, area),
    }
    texts = {}
    for name, (description, lines) in tables.items():
        texts[folder / f"{name}.csv"] = lines
        texts[folder / f"{name}.toml"] = description
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        beside = path.with_suffix(f"{path.suffix}.new")
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    return list(texts)


def _whole(store: Path, place: str) -> tuple[Published, Area]:
    published = open_published(store)
    if published is None or published.demonstration:
        raise EmbedError(
            f"{store}: holds no publishers' files, expected those of all England: load them with inroads data add."
        )
    area = published.areas.get(place)
    if area is None or area.kind != "local_authority" or area.loaded != area.expected:
        raise EmbedError(
            f"place {place}: not a local authority held in {store}, expected the code of one, such as E06000046: "
            "look it up on the page Places."
        )
    held = published.neighbourhoods
    missing = {each.source for each in definitions.load(Indicator).values() if not _known(held.indicator, each.id)}
    missing |= {each.source for each in definitions.load(Group).values() if not _known(held.count, each.id)}
    if missing:
        raise EmbedError(
            f"{store}: figures of {', '.join(sorted(missing))} are missing or incomplete, expected every indicator and "
            "group for all of England: load the publishers' files again with inroads data add."
        )
    return published, area


def _known(figures: Callable[[str], np.ndarray], name: str) -> bool:
    try:
        return bool(np.isfinite(figures(name)).all())
    except KeyError:  # defined since the files were loaded
        return False


def _neighbourhoods(published: Published, area: Area, rows: np.ndarray) -> tuple[str, str]:
    held = published.neighbourhoods
    columns: dict[str, Iterable[str]] = {name: getattr(held, name)[rows].tolist() for name in TEXTS}
    for name in NUMBERS:
        columns[name] = map(_plain, getattr(held, name)[rows])
    origins: Origins = {
        "code": ("lsoa21_icb24", "as published"),
        "name": ("lsoa21_icb24", "as published"),
        "ward": ("lsoa21_ltla24", "name of the ward of 2024, as published"),
        "local_authority": ("lsoa21_ltla24", "as published"),
        "ics": ("lsoa21_icb24", "as published"),
        "rural_urban": ("rural_urban_2021", "as published"),
        "carried": ("lsoa11_lsoa21", "change code in words"),
        "easting": ("centroids_lsoa21", "as published, metres"),
        "northing": ("centroids_lsoa21", "as published, metres"),
        "population": ("census2021_disability", "total residents, as published"),
    }
    for indicator in definitions.load(Indicator).values():
        name = f"indicator:{indicator.id}"
        columns[name] = map(_plain, held.indicator(indicator.id)[rows])
        origins[name] = (indicator.source, _of_indicator(indicator))
    for group in definitions.load(Group).values():
        for part, values, summed in (("count", held.count, group.columns), ("base", held.base, group.base)):
            columns[f"{part}:{group.id}"] = map(_plain, values(group.id)[rows])
            origins[f"{part}:{group.id}"] = (group.source, _of_sum(summed) + _of_carried(group.source, counted=True))
    title = f"The {len(rows)} neighbourhoods of {area.name}"
    lines = zip(*(columns[name] for name in origins), strict=True)
    return _described(title, origins, note=_ROUNDED), _csv(origins, lines)


def _summaries(published: Published, areas: Sequence[Area]) -> tuple[str, str]:
    indicators = definitions.load(Indicator)
    lines = []
    for area in areas:
        for name in sorted(indicators):
            summary = published.summary(area.code, name)
            if summary:
                figures = (summary.n, summary.mean, summary.minimum, summary.maximum, *summary.quantiles)
                lines.append([area.code, name, *map(_plain, figures)])
    used = {source for each in indicators.values() for source in (each.source, *_through(each.source))}
    every = " ".join(sorted(used))
    said = {"n": "neighbourhoods with a figure", "mean": "mean of neighbourhoods weighted by population"}
    said |= {"minimum": "lowest", "maximum": "highest"}
    origins: Origins = {
        "area": ("lsoa21_icb24 lsoa21_ltla24", "ONS code"),
        "indicator": (every, "id of the indicator; its column is described beside the neighbourhoods"),
        **{
            name: (every, said.get(name, f"quantile of neighbourhoods at {name[1:]} per cent, unweighted"))
            for name in _SUMMARY
        },
    }
    title = "Indicators over " + "; ".join(area.name for area in areas)
    return _described(title, origins, note=_ROUNDED), _csv(origins, lines)


def _areas(published: Published, areas: Sequence[Area], rows: np.ndarray) -> tuple[str, str]:
    origins: Origins = {
        "code": ("lsoa21_icb24 lsoa21_ltla24", "ONS code; ODS code for the NHS region"),
        "name": ("lsoa21_icb24 lsoa21_ltla24", "short name"),
        "formal_name": ("lsoa21_icb24", "as published"),
        "kind": ("lsoa21_icb24", "which lookup it stands in"),
        "parents": ("icb24_nhs_region", "codes of the areas it lies in"),
        "expected": ("lsoa21_icb24 lsoa21_ltla24", "neighbourhoods it has"),
        "loaded": ("lsoa21_ltla24", "neighbourhoods held here"),
        "ods_code": ("lsoa21_icb24", "as published"),
    }
    lines = []
    for area in areas:
        here = np.isin(rows, published.neighbourhoods.rows(area.code)).sum()
        changed = {"parents": " ".join(area.parents), "loaded": here}
        lines.append([str((vars(area) | changed)[name]) for name in _ABOVE])
    return _described(f"{areas[-1].name} and the areas above it", origins), _csv(origins, lines)


def _libraries(published: Published, area: Area) -> tuple[str, str]:
    """Open libraries of the list of 2023 that this authority itself runs."""
    assets = published.assets
    listed = (assets.kind == "library") & (assets.status == "open") & (assets.source == "libraries_2023")
    rows = np.flatnonzero(listed & (assets.local_authorities == area.code))
    if not len(rows):
        raise EmbedError(
            f"place {area.code}: no library of the list of 2023 stands under '{area.name}', expected one or more: "
            "load that list, or choose an authority that runs libraries."
        )
    lines = []
    for at in rows:
        # Only what a published list says may be copied: where an installed package found it stays out.
        copied = assets.located_by[at] in _LISTED
        where = (assets.easting[at], assets.northing[at]) if copied else (np.nan, np.nan)
        how = str(assets.located_by[at]) if copied else ""
        known = [str(column[at]) for column in (assets.name, assets.postcode)]
        told = [
            str(column[at]) for column in (assets.status, assets.source, assets.authority, assets.local_authorities)
        ]
        lines.append([*known, *map(_plain, where), how, *told])
    metres = "longitude and latitude of the same postcode, or of the same name in the same district, to metres"
    origins: Origins = {
        "name": ("libraries_2023", "as published"),
        "postcode": ("libraries_2023", "as published"),
        "easting": ("libraries_2016", metres),
        "northing": ("libraries_2016", metres),
        "located_by": ("libraries_2016", "how it was located; empty where it could not be"),
        "status": ("libraries_2023", "open where the service was in operation in 2023"),
        "source": ("libraries_2023", "the list it stands in"),
        "authority": ("libraries_2023", "the authority that reports it, as published"),
        "local_authorities": ("ltla23_utla23 lsoa21_ltla24", "codes of the local authorities that it covers, by name"),
    }
    lost = sum(1 for line in lines if not line[2])
    note = f"{lost} of the {len(lines)} could not be located and have no coordinates." if lost else ""
    return _described(f"Libraries open in {area.name} in 2023", origins, note=note), _csv(origins, sorted(lines))


def _outline(published: Published, area: Area) -> tuple[str, str]:
    metres = "simplified boundary, longitude and latitude to whole metres"
    origins: Origins = {
        "code": ("boundaries_ltla24", "as published"),
        "ring": ("boundaries_ltla24", "number of the ring"),
        "easting": ("boundaries_ltla24", metres),
        "northing": ("boundaries_ltla24", metres),
    }
    rings = published.outline(area.code) or []
    lines = [
        [area.code, str(number), *map(_plain, point)] for number, ring in enumerate(rings) for point in ring.tolist()
    ]
    return _described(f"The outline of {area.name}", origins), _csv(origins, lines)


def _of_indicator(indicator: Indicator) -> str:
    if not indicator.column:
        top, bottom = " + ".join(indicator.numerator), " + ".join(indicator.denominator)
        top = f"({top})" if len(indicator.numerator) > 1 else top
        return f"100 × {top} / {bottom}" + _of_carried(indicator.source, counted=True)
    times = f"times {indicator.multiply:g}" if indicator.multiply != 1 else "as published"
    return f"'{indicator.column}' {times}" + _of_carried(indicator.source, counted=False)


def _of_sum(columns: Sequence[str]) -> str:
    return f"'{columns[0]}' as published" if len(columns) == 1 else f"sum of {'; '.join(columns)}"


def _of_carried(source: str, *, counted: bool) -> str:
    through = _through(source)
    if not through:
        return ""
    how = "shared by population in 2021" if counted else f"weighted by {through[1]}"
    return f", carried from neighbourhoods of 2011 to 2021 with {through[0]}, {how}"


def _through(source: str) -> tuple[str, ...]:
    """What figures of a source were carried with, if they are of 2011."""
    carried = definitions.load(Source)[source].geography == "lsoa11"
    return ("lsoa11_lsoa21", "population_mid2020") if carried else ()


def _plain(value: float) -> str:
    if not np.isfinite(value):
        return ""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _csv(columns: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return text.getvalue()


def _described(title: str, columns: Mapping[str, tuple[str, str]], *, note: str = "") -> str:
    parts = [f"title = {_quoted(title)}\n" + (f"note = {_quoted(note)}\n" if note else "")]
    parts += [
        f"[columns.{_quoted(name)}]\nsource = {_quoted(source)}\nderived = {_quoted(derived)}\n"
        for name, (source, derived) in columns.items()
    ]
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

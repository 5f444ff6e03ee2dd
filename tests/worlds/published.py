"""The published figures of an invented world, as a generation of the store, so that pages of places work on it."""

from pathlib import Path

import numpy as np

from inroads.analytics import schema
from inroads.analytics import store as stores
from inroads.analytics.published import ENGLAND, Area, Dataset, area_rows
from inroads.interop.open_data.assets import Place, gather
from inroads.interop.open_data.outcome import manifest
from inroads.reference.definitions import load
from inroads.reference.definitions.figures import Group, Indicator
from worlds.ics import AUTHORITIES, CELL, ICS, ICS_NAME, Floats, World

MARK = "invented-"
"""Begins the id of a generation that holds an invented world."""

REGION, REGION_NAME = "Y99", "Invented region"
NOTE = "Every figure here is invented: no such place exists. It is there to try the pages on."
PARTS = ("broadband", "demography", "deprivation")


def publish(world: World, store: Path) -> str:
    """Make the world's figures those that pages read; returns the id of the generation."""
    generation = f"{MARK}{world.seed}-{len(world.code)}"
    with stores.locked(store, say=lambda _: None), stores.staging(store) as staging:
        folder = staging / "generation"
        folder.mkdir()
        columns, areas = _columns(world), _areas(world)
        rows = area_rows(world.authority, np.full(len(world.code), ICS), {area.code: area for area in areas})
        schema.write(
            folder,
            neighbourhoods=columns,
            summaries=schema.summaries(columns, world.population, rows),
            assets=gather(_libraries(world)),
            rings=_rings(world),
        )
        content = manifest(generation, datasets=[_dataset(world)], areas=areas, notes=[NOTE])
        stores.publish(store, folder, generation=generation, content=content)
    return generation


def _columns(world: World) -> schema.Columns:
    """All columns that published figures have: indicators follow the index, and so do the groups, more or less."""
    rng = np.random.default_rng([world.seed, 3])
    count = len(world.code)
    columns: schema.Columns = {
        "code": world.code.tolist(),
        "name": world.name.tolist(),
        "ward": world.ward.tolist(),
        "local_authority": world.authority.tolist(),
        "ics": [ICS] * count,
        "rural_urban": ["Urban: Nearer to a major town or city"] * count,
        "carried": ["unchanged"] * count,
        "easting": world.easting,
        "northing": world.northing,
        "population": world.population,
    }
    need = (world.index - world.index.mean()) / world.index.std()
    for name, definition in load(Indicator).items():
        noisy = 0.7 * need + 0.7 * rng.normal(size=count)
        if definition.unit == "percent":
            values = 100 / (1 + np.exp(1.4 - 0.5 * definition.direction * noisy))
        elif name == "imd_rank":
            values = 1.0 + 80.0 * np.argsort(np.argsort(-need))
        elif name == "imd_decile":
            values = 1.0 + np.argsort(np.argsort(-need)) * 10 // count
        else:
            values = np.maximum(5 + 1.5 * definition.direction * noisy, 0.1)
        columns[f"indicator:{name}"] = values.round(3)
    columns |= {f"indicator:{part}": world.parts[:, at] for at, part in enumerate(PARTS)}
    columns["indicator:deri"] = world.index
    # By age and ethnic group the parts make up the whole; the others are on their own.
    shares = {"people_under_16": 0.18, "people_16_24": 0.12, "people_65_plus": 0.19, "disabled_people": 0.19}
    shares |= {"ethnic_asian": 0.09, "ethnic_black": 0.04, "ethnic_mixed": 0.03, "ethnic_other_group": 0.02}
    for name, definition in load(Group).items():
        base = world.population if definition.counts == "people" else np.rint(world.population / 2.35)
        share = shares.get(name, 0.17) * np.exp(0.25 * rng.normal(size=count) + 0.1 * need)
        columns[f"count:{name}"], columns[f"base:{name}"] = np.rint(base * np.minimum(share, 0.5)), base
    if "count:people_75_plus" in columns:
        columns["count:people_75_plus"] = np.rint(0.45 * np.asarray(columns["count:people_65_plus"], dtype=np.float64))
    if "count:ethnic_white" in columns:
        others = [columns[name] for name in columns if name.startswith("count:ethnic_") and "white" not in name]
        columns["count:ethnic_white"] = world.population - np.sum(others, axis=0)
    return columns


def _areas(world: World) -> list[Area]:
    """England is this one system: the pages then have something to compare with."""
    count = len(world.code)
    held = [(code, name, int((world.authority == code).sum())) for code, name in AUTHORITIES]
    return [
        Area(ENGLAND, "England", "England", "england", (), count, count, ""),
        Area(REGION, REGION_NAME, REGION_NAME, "nhs_region", (ENGLAND,), count, count, REGION),
        Area(ICS, ICS_NAME, ICS_NAME, "ics", (REGION, ENGLAND), count, count, ""),
        *(
            Area(code, name, name, "local_authority", (ICS, REGION, ENGLAND), inside, inside, "")
            for code, name, inside in held
            if inside
        ),
    ]


def _libraries(world: World) -> list[Place]:
    """A library for every 20 neighbourhoods, in the middle of one."""
    rng = np.random.default_rng([world.seed, 4])
    rows = rng.choice(len(world.code), max(3, len(world.code) // 20), replace=False)
    return [
        Place(
            "library",
            f"{world.name[row]} Library (invented)",
            "",
            float(world.easting[row]),
            float(world.northing[row]) + 100,
            "invented",
            "open",
            "invented",
            "",
            str(world.authority[row]),
        )
        for row in np.sort(rows).tolist()
    ]


def _rings(world: World) -> list[schema.Ring]:
    """A square for every neighbourhood, and a box around each local authority and around the whole."""
    rings: list[schema.Ring] = [
        ("neighbourhood", str(code), _box(np.array([east]), np.array([north])))
        for code, east, north in zip(world.code, world.easting, world.northing, strict=True)
    ]
    for code in (*(code for code, _ in AUTHORITIES), ICS):
        rows = world.rows(code)
        if rows.size:
            rings.append(("area", code, _box(world.easting[rows], world.northing[rows])))
    return rings


def _box(east: Floats, north: Floats) -> Floats:
    left, right, low, high = (
        east.min() - CELL / 2,
        east.max() + CELL / 2,
        north.min() - CELL / 2,
        north.max() + CELL / 2,
    )
    return np.array([[left, low], [right, low], [right, high], [left, high], [left, low]])


def _dataset(world: World) -> Dataset:
    return Dataset(
        source_id="invented",
        title="Invented figures",
        publisher="Inroads",
        year="2026",
        vintage=f"seed {world.seed}",
        licence="Part of Inroads",
        attribution="Invented figures",
        url_or_origin="tests/worlds",
        rows=len(world.code),
        file_name="none",
        sha256="",
        loaded_at="2026-01-01T00:00:00+00:00",
        checks=(),
        notes=(NOTE,),
        feeds=(),
    )

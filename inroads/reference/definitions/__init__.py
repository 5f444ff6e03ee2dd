"""The one loader of `definitions/`: what domain people own, as data.

One file is one definition; its name without `.toml` is its id. Each kind of definition has a frozen dataclass that
says which fields it has; the loader turns files into instances of it and refuses, naming file and field, what does
not fit.
"""

import os
import tomllib
import types
import typing
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class DefinitionError(ValueError):
    """A definition file that does not fit: the message names the file, the field and what was expected."""


def folder() -> Path:
    """Where the definitions lie: beside the package, unless INROADS_DEFINITIONS names another folder."""
    return Path(os.environ.get("INROADS_DEFINITIONS") or Path(__file__).parents[3] / "definitions")


@cache
def load(shape: type[T]) -> dict[str, T]:
    """All definitions of one kind, by id, in the order of their file names.

    `shape` is a frozen dataclass with a class attribute `KIND`, the name of the folder below `definitions/`, and a
    field `id`. Raises `DefinitionError`.
    """
    kind: str = shape.KIND  # type: ignore[attr-defined]
    place = folder() / kind
    if not place.is_dir():
        raise DefinitionError(f"{place}: this folder of definitions is missing")
    return {path.stem: read(path, shape) for path in sorted(place.glob("*.toml"))}


def read(path: Path, shape: type[T]) -> T:
    """One definition file as an instance of `shape`. Raises `DefinitionError`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: not readable as TOML: {error}") from error
    return build(shape, {"id": path.stem, **content}, where=str(path))


def build(shape: type[T], content: dict[str, Any], *, where: str) -> T:
    """A dataclass from a table of a definition file, nested tables included."""
    hints = typing.get_type_hints(shape)
    known = {field.name: field for field in fields(shape)}  # type: ignore[arg-type]
    for name in content:
        if name not in known:
            raise DefinitionError(f"{where}: unknown field '{name}'; a {shape.__name__} has {', '.join(known)}")
    values = {}
    for name, field in known.items():
        if name in content:
            values[name] = _convert(content[name], hints[name], where=f"{where}: field '{name}'")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise DefinitionError(f"{where}: field '{name}' is missing")
    try:
        return shape(**values)
    except ValueError as error:
        raise DefinitionError(f"{where}: {error}") from error


def _convert(value: Any, hint: Any, *, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(option for option in arguments if option is not types.NoneType)
        return _convert(value, hint, where=where)
    if origin is typing.Literal:
        if value not in arguments:
            raise DefinitionError(f"{where}: '{value}' is not one of {', '.join(map(str, arguments))}")
        return value
    if origin is tuple:
        _require(isinstance(value, list), where, "a list", value)
        return tuple(
            _convert(item, arguments[0], where=f"{where}, item {number}") for number, item in enumerate(value, 1)
        )
    if origin is dict:
        _require(isinstance(value, dict), where, "a table", value)
        return {key: _convert(item, arguments[1], where=f"{where}, '{key}'") for key, item in value.items()}
    if hasattr(hint, "__dataclass_fields__"):
        _require(isinstance(value, dict), where, "a table", value)
        return build(hint, value, where=where)
    if hint is float:
        _require(isinstance(value, int | float) and not isinstance(value, bool), where, "a number", value)
        return float(value)
    expected = {str: "text", int: "a whole number", bool: "true or false", date: "a date"}.get(hint, str(hint))
    _require(isinstance(value, hint) and not (hint is int and isinstance(value, bool)), where, expected, value)
    return value.strip() if isinstance(value, str) else value


def _require(fits: bool, where: str, expected: str, value: Any) -> None:
    if not fits:
        raise DefinitionError(f"{where}: expected {expected}, found {value!r}")

"""The data sets as people read them: one entry for each source, with the files that were taken from it."""

from dataclasses import dataclass

from inroads.analytics.published import Dataset, Published
from inroads.reference.definitions import load
from inroads.reference.definitions.figures import Group, Indicator


@dataclass(frozen=True)
class LoadedSource:
    """The files of one source, by name; `feeds` are the titles of what is made from them."""

    files: tuple[Dataset, ...]
    feeds: tuple[str, ...]

    @property
    def about(self) -> Dataset:
        """Any of the files, for what is true of all: title, publisher, year, areas, licence, origin."""
        return self.files[0]

    @property
    def rows(self) -> int:
        """Of all files together."""
        return sum(each.rows for each in self.files)

    @property
    def loaded_at(self) -> str:
        """When the newest file was loaded."""
        return max(each.loaded_at for each in self.files)

    @property
    def checks(self) -> int:
        """How many checks the files passed."""
        return sum(len(each.checks) for each in self.files)


def loaded_sources(published: Published | None) -> list[LoadedSource]:
    """Every source of which files are loaded, by title."""
    titles = {key: definition.title for shape in (Indicator, Group) for key, definition in load(shape).items()}
    files: dict[str, list[Dataset]] = {}
    for each in sorted(published.datasets if published else (), key=lambda each: (each.title, each.file_name)):
        files.setdefault(each.source_id, []).append(each)
    return [
        LoadedSource(tuple(group), tuple(dict.fromkeys(titles.get(key, key) for each in group for key in each.feeds)))
        for group in files.values()
    ]

"""docs/worlds.md names every key that a world's files may hold, and its example is a world with the fault it plants."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from presend_sandbox import Sandbox
from presend_sandbox.keys import EXPECT, FAULT, TESTED, Form, Kind, Named, Rows, Table
from presend_sandbox.world import FORMS, load_world
from tests.e2e.worlds import presend
from tests.house.tree import section

Keys = dict[str, dict[str, tuple[str, bool]]]
"""By path of a table, its keys, each with its type and whether it is needed."""

PLATFORMS = tuple(name for name in FORMS if name != "world")
EVERYWHERE = {"layout", "text_layout", "slots", *TESTED}
"""What the page says of several tables at once."""


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return section((root / "docs" / "worlds.md").read_text(), "What a world may hold")


@pytest.fixture(scope="module")
def written(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page's example."""
    folder = tmp_path_factory.mktemp("garden")
    for name, text in re.findall(r"^`(\w+\.toml)`:\n\n```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        (folder / name).write_text(text, "utf-8")
    return folder


def _word(form: Form) -> str:
    match form:
        case Kind():
            return form.value
        case Table():
            return "table"
        case Named():
            return "table of tables" if isinstance(form.of, Table) else "table"
        case Rows():
            return "lists of tables" if isinstance(form.of, Rows) else "tables"


def _tables(form: Form, path: str, seen: list[Form]) -> Iterator[tuple[str, Table]]:
    """Every table below, once, with its path; those that several files share are told of elsewhere."""
    match form:
        case Table():
            if any(form is one for one in seen):
                return
            seen.append(form)
            yield path or "top", form
            for name, below in form.all.items():
                yield from _tables(below, f"{path}.{name}" if path else name, seen)
        case Named():
            yield from _tables(form.of, f"{path}.NAME", seen)
        case Rows():
            yield from _tables(form.of, path, seen)


def _known(file: str) -> Keys:
    shared: list[Form] = [EXPECT] if file == "world" else [EXPECT, FAULT]
    return {
        path: {key: (_word(below), key in table.needed) for key, below in table.all.items() if key not in EVERYWHERE}
        for path, table in _tables(FORMS[file], "", shared)
    }


def _told(page: str, heading: str) -> Keys:
    """What the table below a heading of the third level says."""
    text = page.partition(f"### {heading}\n")[2].partition("\n### ")[0]
    told: Keys = {}
    tables: list[str] = []
    for line in [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| table |")]:
        table, keys, kind, default, _ = (cell.strip() for cell in line.strip("|").split("|"))
        tables = re.findall(r"[\w.]+", table.replace("`", "")) or tables
        for each in tables:
            names = re.findall(r"`([^`]+)`", keys)
            twice = [name for name in names if name in told.get(each, {})]
            assert names, (each, keys)
            assert not twice, (each, twice)
            told.setdefault(each, {}).update(dict.fromkeys(names, (kind, default == "needed")))
    return told


@pytest.mark.parametrize("file", FORMS)
def test_the_page_names_every_key_with_its_type_and_whether_it_is_needed(file: str, page: str) -> None:
    told, known = _told(page, f"`{file}.toml`"), _known(file)
    assert set(told) == set(known)
    for path, keys in known.items():
        assert told[path] == keys, path


def test_what_several_tables_have_is_told_once(page: str) -> None:
    told = _told(page, "In several tables")
    assert told["expect"] == {key: (_word(form), key in EXPECT.needed) for key, form in EXPECT.all.items()}
    assert set(told["flows"]) == set(TESTED)
    assert {"layout", "text_layout", "slots"} <= set(told["html"])
    assert {key: kind for key, (kind, _) in told["flows"].items()} == {key: _word(form) for key, form in TESTED.items()}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_known_key_is_one_that_the_platform_reads(platform: str, root: Path) -> None:
    """A key that nothing reads is taken out of what a world may hold."""
    sandbox = root / "connectors" / "presend_sandbox"
    read = "\n".join(path.read_text() for path in [*sandbox.glob("*.py"), *(sandbox / platform).glob("*.py")])
    # What goes to the client as it stands, without being looked at.
    handed_on = {"domains", "contact", "address"}
    unread = {
        (path, key)
        for path, keys in _known(platform).items()
        if path.rpartition(".")[2] not in handed_on and not path.endswith("defaults")
        for key in keys
        if f'"{key}"' not in read
    }
    assert unread == set()


def test_the_example_is_a_world_of_three_platforms_with_three_people_each(written: Path) -> None:
    loaded = load_world(str(written))
    assert tuple(loaded.platforms) == PLATFORMS
    for name, spec in loaded.platforms.items():
        text = (written / f"{name}.toml").read_text()
        assert tomllib.loads(text) == spec
        assert (len(spec["people"]), len(spec["campaigns"])) == (3, 1)


def test_a_scan_of_the_example_finds_what_is_planted_and_nothing_else_that_is_loud(
    written: Path, tmp_path: Path
) -> None:
    with Sandbox(str(written)) as box:
        report = presend("scan", "--format", "json", env=box.env(), cwd=tmp_path, box=box).report
        specs = box.world.platforms
    planted = {
        (platform, str(one["id"]), want["code"], want["affected"])
        for platform, spec in specs.items()
        for one in spec["campaigns"]
        for want in one["expect"]
    }
    loud = [each for each in report["findings"] if each["severity"] != "info"]
    assert {(each["platform"], each["campaign_id"], each["code"], each["affected"]) for each in loud} == planted
    assert report["complete"] is True
    assert len(planted) == len(PLATFORMS)

"""Does the README tell the truth about commands, settings and places?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

import bot.command_line
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
MAP = "map of the house"
WHERE = "where do i change"


@pytest.fixture(scope="module")
def readme() -> str:
    """The README's text."""
    return (ROOT / "README.md").read_text()


def section(text: str, title: str) -> str:
    """What stands under the heading that contains `title`, in any case, up to the next as high."""
    pattern = rf"^(#+)[^\n]*{re.escape(title)}[^\n]*\n(.*?)(?=^\1 |^# |\Z)"
    found = re.search(pattern, text, re.M | re.S | re.I)
    assert found, f"README.md has no section '{title}'"
    return found.group(2)


def named_paths(text: str) -> Iterator[str]:
    """Paths of this repository that stand in the text; `<x>` in one means any name."""
    tops = "bot|storage|runbooks|tests"
    for path in re.findall(rf"(?<![\w/.-])(?:{tops})/[\w./<>*{{}}-]*", text):
        yield path.rstrip(".,")
    yield from re.findall(r"(?<![\w/.-])(?:manifest\.yaml|Makefile|Procfile|pyproject\.toml)", text)


def drawn_paths(text: str) -> Iterator[str]:
    """Paths drawn as a tree in the text's code blocks: one a line, deeper means inside."""
    for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S):
        above: list[tuple[int, str]] = []
        for indent, name in re.findall(r"^( *)([\w.<>-]+/|[\w.<>-]+\.\w+)(?= |$)", block, re.M):
            above = [(depth, folder) for depth, folder in above if depth < len(indent)]
            yield "".join(folder for _, folder in above) + name
            above += [(len(indent), name)] if name.endswith("/") else []


def places(title: str, readme: str) -> set[str]:
    """Every path that the section of the README names or draws."""
    text = section(readme, title)
    return {*named_paths(text), *drawn_paths(text)}


def exists(path: str) -> bool:
    """Whether something in the repository goes by that name; `<x>` stands for any name."""
    return any(ROOT.glob(re.sub(r"<[^>]*>", "*", path).rstrip("/")))


def folders_of_the_house() -> Iterator[str]:
    """The four top folders and every folder one level deep in them."""
    for top in ("bot", "storage", "runbooks", "tests"):
        yield top
        for folder in sorted((ROOT / top).glob("*/")):
            # A folder without files is left over from another branch: git does not know it.
            if any(
                path.is_file() and "__pycache__" not in path.parts for path in folder.rglob("*")
            ):
                yield f"{top}/{folder.name}"


def command_names() -> list[str]:
    """The commands of `python -m bot`, hidden ones left out."""
    apps = [thing for thing in vars(bot.command_line).values() if isinstance(thing, typer.Typer)]
    command = get_command(apps[0])
    commands = getattr(command, "commands", {})
    return [name for name, one in commands.items() if not one.hidden]


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_environment_variable_is_in_the_readme(field: str, readme: str) -> None:
    assert f"`{field.upper()}" in readme


def test_the_command_line_has_commands() -> None:
    assert {"demo", "migrate", "web", "worker"} <= set(command_names())


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_in_the_readme(name: str, readme: str) -> None:
    assert re.search(rf"(?:warroom|python -m bot) {re.escape(name)}\b", readme)


@pytest.mark.parametrize(
    "target", ["setup", "demo", "test", "bench", "soak", "lint", "fmt", "lock"]
)
def test_every_make_target_is_in_the_readme(target: str, readme: str) -> None:
    assert f"make {target}" in readme


def test_the_readme_names_only_make_targets_that_exist(readme: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z]+)", readme)) <= targets


@pytest.mark.parametrize("title", [MAP, WHERE])
def test_the_readme_names_only_places_that_exist(title: str, readme: str) -> None:
    paths = places(title, readme)
    assert paths
    assert {path for path in paths if not exists(path)} == set()


@pytest.mark.parametrize("folder", list(folders_of_the_house()))
def test_every_folder_is_on_the_map(folder: str, readme: str) -> None:
    assert f"{folder}/" in places(MAP, readme)


def test_the_readme_shows_a_picture_that_exists(readme: str) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", readme)
    local = [picture for picture in pictures if "://" not in picture]
    assert local
    assert [picture for picture in local if not (ROOT / picture).is_file()] == []


def acceptance() -> dict[str, str]:
    """What carries each requirement: tests in backticks, or why there is none yet."""
    text = (ROOT / "tests/ACCEPTANCE.md").read_text()
    return dict(re.findall(r"^\| (R\d+|\d\.\d) \|[^|]+\| (.+) \|$", text, re.M))


def test_every_row_of_the_acceptance_table_names_a_test_that_exists() -> None:
    for row, carried in acceptance().items():
        tests = re.findall(r"`(tests/[^`]+)`", carried)
        assert tests or carried.startswith("not yet: "), row
        for path, _, name in (test.partition("::") for test in tests):
            assert re.search(rf"def {name}\(", (ROOT / path).read_text()), f"{row}: {name}"


def test_every_requirement_of_running_a_room_has_a_row() -> None:
    spans = ((1, 56), (70, 71), (77, 79), (83, 135), (247, 269), (279, 279), (290, 291), (398, 415))
    wanted = {f"R{number}" for first, last in spans for number in range(first, last + 1)}
    assert {"1.2", "1.3", *wanted} - set(acceptance()) == set()


def test_the_acceptance_table_names_every_requirement_without_a_row() -> None:
    head = (ROOT / "tests/ACCEPTANCE.md").read_text().partition("| Row |")[0]
    spans = re.findall(r"R(\d+)-R(\d+)", head)
    named = {f"R{number}" for first, last in spans for number in range(int(first), int(last) + 1)}
    rows = {row for row in acceptance() if row.startswith("R")}
    assert named & rows == set()
    assert named | rows == {f"R{number}" for number in range(1, 416)}

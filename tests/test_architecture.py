"""Does the house still have its shape: import laws, sizes, the top level, the lock?"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

TOP_LEVEL = set(
    "bot storage runbooks tests pyproject.toml Procfile README.md Makefile requirements.lock "
    "manifest.yaml LICENSE .ci .gitignore".split()
)

# Path, or path::function, to the reason why it may be longer than the rest.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


@dataclass(frozen=True)
class Law:
    """A sentence of the design, the contract that keeps it, and an offence the contract reports."""

    says: str
    contract: str
    offender: str
    imports: str = ""  # empty: the offence is that the module exists

    @property
    def path(self) -> str:
        return self.offender.replace(".", "/") + ".py"

    @property
    def code(self) -> str:
        return f"import {self.imports}\n" if self.imports else ""

    @property
    def report(self) -> str:
        return f"{self.offender} -> {self.imports}" if self.imports else f"- {self.offender}\n"


STANDING = "The bot stands on storage and runbooks, never the reverse"
FLOORS = "Floors of the bot: imports only go down, and nothing lives outside a floor"
INDEPENDENT = "Features do not know each other"
INSIDE = "Inside a feature: five file names, one direction"
PURE = "Decisions and wording are pure"
STORAGE = "Only these may touch storage"
BOLT = "Bolt stays in bot/slack and bot/app"
SANDBOX = "The sandbox knows only Slack's public API"
NO_SANDBOX = "The bot does not know the sandbox"

# The rogues differ, because import-linter reports one offence for each pair of packages.
LAWS = [
    Law("storage does not know the bot", STANDING, "storage.rogue", "bot.core"),
    Law("runbooks do not know storage", STANDING, "runbooks.rogue", "storage.rogue"),
    Law("imports only go down", FLOORS, "bot.slack.rogue", "bot.app"),
    Law("core does not know the settings", FLOORS, "bot.core.rogue_neighbour", "bot.settings"),
    Law("nothing lives outside a floor", FLOORS, "bot.rogue"),
    Law(
        "features do not import each other",
        INDEPENDENT,
        "bot.features.rogue_one.slack",
        "bot.features.rogue_two.rules",
    ),
    Law(
        "inside a feature imports go one way",
        INSIDE,
        "bot.features.rogue_two.blocks",
        "bot.features.rogue_two.rules",
    ),
    Law("a feature has no sixth file", INSIDE, "bot.features.rogue_two.sixth"),
    Law("rules reach no storage", PURE, "bot.features.rogue_two.rules", "storage.rogue"),
    Law("deadlines read no clock", PURE, "bot.features.rogue_two.due", "time"),
    Law("state does not load runbooks", PURE, "bot.features.rogue_two.state", "runbooks.load"),
    Law(
        "blocks do not load the library", PURE, "bot.features.rogue_five.blocks", "runbooks.library"
    ),
    Law("core does no I/O", PURE, "bot.core.rogue_logging", "logging"),
    Law(
        "features do not touch storage", STORAGE, "bot.features.rogue_three.slack", "storage.rogue"
    ),
    Law("features do not speak Bolt", BOLT, "bot.features.rogue_four.slack", "slack_bolt"),
    Law("the sandbox does not know the bot", SANDBOX, "bot.sandbox.rogue", "bot.settings"),
    Law("only __main__ starts the sandbox", NO_SANDBOX, "bot.slack.rogue_guest", "bot.sandbox"),
]

OFFENCES = {
    "reading the clock": ("from datetime import UTC, datetime\nNOW = datetime.now(UTC)", "TID251"),
    "reading the wall clock": ("import time\nNOW = time.time()", "TID251"),
    "a naive datetime": ("from datetime import datetime\nDAY = datetime(2026, 3, 1)", "DTZ001"),
    "a blind except": ("try:\n    X = 1\nexcept Exception:\n    X = 2", "BLE001"),
    "an import in a function": ("def _f() -> None:\n    import ast\n    ast.parse('')", "PLC0415"),
    "Slack's client in a feature": ("from slack_sdk.web import WebClient\nC = WebClient", "TID251"),
    "patching": ("from unittest.mock import patch\nP = patch", "TID251"),
    "six arguments": ("def _f(a, b, c, d, e, g): ...", "PLR0913"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree in `folder`; stdout holds its report."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def listed_files() -> list[str]:
    """Paths of the repository, committed or about to be; ignored ones are left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in listing.split("\0") if path and (ROOT / path).is_file()]


def python_files() -> list[str]:
    """The Python files of the repository."""
    return [path for path in listed_files() if path.endswith(".py")]


def long_functions(path: str) -> Iterator[str]:
    """Functions of the file that are longer than 40 lines, as path::name."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            if last - node.lineno + 1 > 40:
                yield f"{path}::{node.name}"


@pytest.fixture(scope="module")
def report_on_offenders(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of this tree after every law was broken in it once."""
    folder = tmp_path_factory.mktemp("offenders")
    for root in PYPROJECT["tool"]["importlinter"]["root_packages"]:
        shutil.copytree(ROOT / root, folder / root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for law in LAWS:
        offender = folder / law.path
        offender.parent.mkdir(exist_ok=True)
        offender.parent.joinpath("__init__.py").touch()
        offender.write_text(law.code)
    return lint_imports(folder).stdout


def section(report: str, contract: str) -> str:
    """The part of the report that tells how `contract` is broken; empty if it is not."""
    heading = re.escape(contract) + r"\n-+\n"
    underlined = "|".join(re.escape(law.contract) for law in LAWS)
    found = re.search(rf"^{heading}(.*?)(?=^(?:{underlined})\n-+\n|\Z)", report, re.M | re.S)
    return found.group(1) if found else ""


def test_every_import_law_is_kept() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_contracts_are_the_laws_and_no_others() -> None:
    contracts = {contract["name"] for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    assert contracts == {law.contract for law in LAWS}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.says)
def test_breaking_an_import_law_fails_the_build(law: Law, report_on_offenders: str) -> None:
    assert law.report in section(report_on_offenders, law.contract), report_on_offenders


@pytest.mark.parametrize("offence", OFFENCES)
def test_ruff_refuses_what_the_style_forbids(offence: str) -> None:
    code, rule = OFFENCES[offence]
    ruff = Path(sys.executable).with_name("ruff")
    checked = subprocess.run(
        [ruff, "check", "--output-format=concise", "--stdin-filename=bot/features/x/rules.py", "-"],
        cwd=ROOT,
        input=code + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert rule in checked.stdout


def test_only_the_clock_reads_the_clock() -> None:
    # Ruff cannot see this in bot/slack and bot/app.py, which are excused from the ban on clients.
    readers = [
        path
        for path in python_files()
        if path.startswith(("bot/", "storage/", "runbooks/"))
        and re.search(r"datetime\.(now|utcnow)\(|\btime\.time\(", (ROOT / path).read_text())
    ]
    assert set(readers) <= {"bot/clock.py"}


def test_no_file_is_longer_than_300_lines() -> None:
    long = {path for path in python_files() if len((ROOT / path).read_text().splitlines()) > 300}
    assert long == set(LONG_FILES)


def test_no_function_is_longer_than_40_lines() -> None:
    long = {name for path in python_files() for name in long_functions(path)}
    assert long == set(LONG_FUNCTIONS)


def test_no_folder_is_an_empty_package() -> None:
    folders: dict[str, list[str]] = {}
    for path in listed_files():
        for folder in Path(path).parents:
            folders.setdefault(str(folder), []).append(path)
    empty = [
        folder
        for folder, paths in folders.items()
        if all(path.endswith("__init__.py") for path in paths)
        and not any((ROOT / path).read_text().strip() for path in paths)
    ]
    assert empty == []


def test_the_top_level_holds_only_what_was_agreed() -> None:
    assert {Path(path).parts[0] for path in listed_files()} <= TOP_LEVEL


def test_the_lock_pins_every_dependency_with_hashes() -> None:
    project = PYPROJECT["project"]
    asked = [*project["dependencies"]]
    asked += [one for extra in project["optional-dependencies"].values() for one in extra]
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.findall(r"^([\w.-]+)==(\S+)(.*\n)((?: +--hash=sha256:.*\n)*)", lock, re.M)
    pinned = {name: version for name, version, _marker, hashes in entries if hashes}
    unmet = [
        text
        for text in asked
        for requirement in [Requirement(text)]
        if not requirement.specifier.contains(pinned.get(requirement.name.lower(), "0"))
    ]
    assert unmet == []
    assert len(pinned) == len(re.findall(r"^[\w.-]+==", lock, re.M))


def test_nothing_names_the_host_of_a_package_registry() -> None:
    names = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org")
    hosts = tuple(name.encode() for name in names)
    naming = [
        path for path in listed_files() if any(h in (ROOT / path).read_bytes() for h in hosts)
    ]
    assert naming == []

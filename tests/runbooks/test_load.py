"""Is a policy file that cannot be used refused with file, line and remedy?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runbooks import load
from runbooks.load import Faulty

GOOD = """\
not_sure:
  label: Not sure yet
  treated_as: P1
severities:
  - rank: 0
    label: P1
    criteria: People are harmed right now.
  - rank: 1
    label: P2
    criteria: People may be harmed later.
"""


def _overlay(folder: Path, text: str) -> Path:
    (folder / "policy").mkdir()
    (folder / "policy" / "severities.yaml").write_text(text)
    return folder


def test_the_shipped_policy_has_four_severities_and_treats_not_sure_as_the_second() -> None:
    severities = load.policy().severities
    assert [one.label for one in severities.severities] == ["SEV0", "SEV1", "SEV2", "SEV3"]
    assert severities.when_not_sure.rank == 1
    assert severities.show(None) == "Not sure yet (treated as SEV1)"


def test_a_folder_laid_over_it_wins(tmp_path: Path) -> None:
    severities = load.policy(_overlay(tmp_path, GOOD)).severities
    assert severities.show(None) == "Not sure yet (treated as P1)"
    assert severities.find("p2") == severities.severities[1]
    assert severities.find("SEV1") is None


def test_an_empty_folder_laid_over_it_changes_nothing(tmp_path: Path) -> None:
    assert load.policy(tmp_path) == load.policy()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="WARROOM_CONTENT names .*/gone, which is not a folder."):
        load.policy(tmp_path / "gone")


@pytest.mark.parametrize(
    ("good", "bad", "line", "told"),
    [
        (
            "treated_as: P1",
            "treated_as: P9",
            3,
            "not_sure.treated_as names 'P9', which is no severity here; use one of P1, P2.",
        ),
        ("label: P2", "label: p1", 9, "severities.1.label repeats p1; give each its own."),
        (
            "rank: 1",
            "rank: 2",
            8,
            "severities.1.rank is 2, not 1; ranks are 0, 1, 2, ... in this order, the worst first.",
        ),
        (
            GOOD[GOOD.index("  - rank: 1") :],
            "",
            4,
            "severities are 1; give two, three or four.",
        ),
        ("rank: 1", "rank: soon", 8, "severities.1.rank: it is no number; write digits"),
        ("label: P2", "label: P2: x", 9, "not valid YAML (mapping values are not"),
        ("label: P2", "label: P2\n    colour: red", 10, "severities.1.colour: "),
        ("    label: P2\n", "", 8, "severities.1.label: it is missing; add it."),
        ("People may be harmed later.", "Bad.", 10, "severities.1.criteria: it is too short; "),
    ],
    ids=[
        "unknown severity", "duplicate label", "wrong order", "too few", "no number",
        "bad YAML", "unknown key", "missing key", "criteria too short",
    ],
)  # fmt: skip
def test_a_faulty_file_is_told_with_its_line(
    tmp_path: Path, good: str, bad: str, line: int, told: str
) -> None:
    assert good in GOOD
    overlay = _overlay(tmp_path, GOOD.replace(good, bad))
    with pytest.raises(Faulty) as faulty:
        load.policy(overlay)
    where = f"{overlay}/policy/severities.yaml, line {line}: "
    assert str(faulty.value).startswith(where + told)


@pytest.mark.parametrize("text", ["", "- a list\n", "just words"])
def test_a_file_that_is_something_else_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(Faulty, match="severities.yaml, line 1: "):
        load.policy(_overlay(tmp_path, text))


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    overlay = _overlay(tmp_path, GOOD)
    (overlay / "policy" / "severities.yaml").write_bytes(b"label: \xff\xfe")
    with pytest.raises(Faulty, match="severities.yaml, line 1: cannot be read"):
        load.policy(overlay)


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("rank: 0", "rank: worst").replace("rank: 1", "rank: 9")
    with pytest.raises(Faulty) as faulty:
        load.policy(_overlay(tmp_path, broken))
    assert [line.split(": ")[0].rpartition(" ")[2] for line in str(faulty.value).split("\n")] == [
        "5",
        "8",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SEV1", ["SEV1"]),
        ("sev1", ["SEV1"]),
        ("Sev-1", ["SEV0"]),
        ("sev-4", ["SEV3"]),
        ("p1", ["SEV0"]),
        ("Critical", ["SEV0"]),
        ("low", ["SEV3"]),
        ("sev 0", ["SEV0"]),
        ("sev 4", ["SEV3"]),
        ("sev 1", ["SEV0", "SEV1"]),
        ("sev", []),
        ("", []),
        ("P9", []),
    ],
)
def test_a_severity_is_understood_by_its_label_its_alias_and_what_else_people_type(
    typed: str, meant: list[str]
) -> None:
    assert [one.label for one in load.policy().severities.meant(typed)] == meant


def test_a_label_of_the_organisation_wins_over_what_else_people_type(tmp_path: Path) -> None:
    severities = load.policy(_overlay(tmp_path, GOOD)).severities
    assert [one.label for one in severities.meant("p2")] == ["P2"]


def test_what_people_type_for_a_severity_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="also_typed.high names 'P9', which is no severity here"):
        load.policy(_overlay(tmp_path, f"{GOOD}also_typed: {{high: P9}}\n"))


@pytest.mark.parametrize(("country", "is_there"), [("null", False), ("DE", True)])
def test_countries_are_loaded_for_a_policy_that_names_one(
    tmp_path: Path, country: str, is_there: bool
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "calendar.yaml").write_text(f"country: {country}\n")
    code = (
        "import sys; from pathlib import Path; from runbooks import load; "
        "load.policy(Path(sys.argv[1])); print('holidays.countries' in sys.modules)"
    )
    # A process of its own: in this one another test may have loaded them.
    command = [sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said == f"{is_there}\n"

"""What does `warroom policy check` say?"""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import Terminal


async def test_the_shipped_policy_is_told_as_a_table(terminal: Terminal) -> None:
    done = await terminal.run("policy", "check")
    assert done.code == 0
    assert "SEV1" in done.out
    assert "The policy can be used." in done.out


async def test_a_fault_is_told_with_its_line_and_the_exit_is_1(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "mine" / "policy" / "habits.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("keep_talk: true\nmentions: 0\n")
    done = await terminal.run("policy", "check", str(path.parents[1]))
    assert done.code == 1
    assert f"{path}, line 2: mentions: it is too small; write 1 or more." in done.out


async def test_a_folder_that_is_not_there_is_told(terminal: Terminal, tmp_path: Path) -> None:
    done = await terminal.run("policy", "check", str(tmp_path / "gone"))
    assert done.code == 1
    assert done.out == f"{tmp_path / 'gone'} is not a folder. Name the one that holds policy/.\n"

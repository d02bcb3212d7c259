"""Does a bot that is killed lose, double or leave half made what people were told is done?

`make soak` does the same at every await point and at 500 random moments.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.soak import matrix, moments
from tests.soak.children import Nursery
from tests.soak.ground import NewDatabase, on_postgres, on_sqlite

_A_PHASE = 1


async def test_a_bot_killed_at_its_await_points_completes_everything_and_doubles_nothing(
    home: Nursery, tmp_path: Path, seed: int
) -> None:
    ground = on_sqlite(home, tmp_path)
    points = await matrix.points(ground)
    assert sum(map(len, points.values())) > 200, "the instruments are not in place"
    chance = random.Random(seed)
    few = {phase: chance.sample(one, _A_PHASE) for phase, one in points.items()}
    result = await matrix.killed_at_each(ground, few, times=3)
    assert result.wrong == {}
    assert result.owed() == [], "a bot did not die where it was to"
    assert result.killed


async def test_the_points_of_each_commit_and_ring_are_those_of_the_code_that_runs(
    home: Nursery, tmp_path: Path
) -> None:
    points = await matrix.points(on_sqlite(home, tmp_path))
    assert "commit Engine.carry_out: made" in points["declare"]
    assert "commit settle decisions/#/log Done: made" in points["decision"]
    assert {"ring: begins", "ring: ends", "commit Ringing._ring_due: made"} <= {*points["reminder"]}


async def test_a_point_that_nobody_met_is_owed_unless_it_is_named_why(
    home: Nursery, tmp_path: Path
) -> None:
    unmet = ["commit Engine.erase: made", "form: waits in views.open>StreamReader._wait"]
    wanted = {"declare": [*unmet, "deliver nobody/#: begins"]}
    result = await matrix.killed_at_each(on_sqlite(home, tmp_path), wanted, times=1)
    assert ("declare", unmet[0]) in result.owed()
    assert ("declare", "deliver nobody/#: begins") in result.owed()
    assert len(result.owed()) == 2


async def test_a_bot_on_sqlite_killed_at_random_moments_completes_everything(
    home: Nursery, tmp_path: Path, seed: int
) -> None:
    result = await moments.killed_at_random(on_sqlite(home, tmp_path), 5, seed)
    assert result.verdict.sentences() == []
    assert result.kills == 5
    assert result.acked > 0


async def test_one_of_many_processes_killed_at_random_moments_leaves_nothing_undone(
    home: Nursery, tmp_path: Path, new_postgres: NewDatabase, seed: int
) -> None:
    ground = on_postgres(home, tmp_path, new_postgres, 3)
    result = await moments.killed_at_random(ground, 5, seed)
    assert result.verdict.sentences() == []
    assert result.kills == 5
    assert result.acked > 0

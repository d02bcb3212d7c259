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
    result = await matrix.killed_at_each(ground, few, times=1)
    assert result.wrong == {}
    assert len(result.killed) > len(few) * _A_PHASE / 2


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

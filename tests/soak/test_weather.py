"""Does anything get lost, doubled or out of order while Slack itself misbehaves?

`make soak` lets each kind of fault last for ten minutes, and queues 1,000 messages in 100 rooms.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.soak import drain, weather
from tests.soak.children import Nursery
from tests.soak.ground import on_sqlite


async def test_a_minute_of_all_faults_at_once_changes_nothing_of_what_is_in_slack_in_the_end(
    home: Nursery, tmp_path: Path, seed: int
) -> None:
    minute = timedelta(minutes=1)
    day = await weather.through(on_sqlite(home, tmp_path), "mixed", weather.MIXED, seed, minute)
    assert day.verdict.sentences() == []
    assert day.struck > 0
    assert day.acked > 0
    assert day.reminded > 0, "no reminder rang under the faults"


async def test_what_was_queued_while_slack_was_away_arrives_once_and_in_order(
    home: Nursery, tmp_path: Path
) -> None:
    verdict = await drain.whole(on_sqlite(home, tmp_path), rooms=3, each=4)
    assert verdict.sentences() == []

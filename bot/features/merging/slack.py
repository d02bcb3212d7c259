"""Which command makes two incidents one?"""

from __future__ import annotations

from bot.core import ids
from bot.core.facts.status import IncidentMerged
from bot.core.outcome import Refused
from bot.engine import Asked, Existing
from bot.features.merging import blocks, rules
from bot.features.merging.state import Link, Links
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command


def register(desk: Desk) -> None:
    """Take the verb; it is typed in the room of the duplicate."""

    async def merge(command: Command) -> Reply:
        number = await desk.engine.incident_in(command.channel_id)
        word, _, reason = command.words.partition(" ")
        other = ids.parse_reference(word)
        if number is None:
            raise Refused(f"Type this in the room of the duplicate: `{desk.command} merge INC-9`.")
        if other is None:
            raise Refused(f"Say which incident it is the same as: `{desk.command} merge INC-9`.")
        there = await desk.engine.channel_of(other)
        request = rules.Merge(
            reason.strip().removeprefix("because").strip(), command.channel_id, there
        )
        asked = Asked(command.key, command.person, other=other)
        done = await desk.engine.carry_out(rules.merge, request, Existing(number), asked)
        [merged] = [one for one in done.facts if isinstance(one, IncidentMerged)]
        questions = len(done.case.states.of(Links).work.questions)
        reference = done.case.incident.reference
        into = Link(other, there)
        return blocks.told(reference, into, len(merged.tasks), questions, merged.runs)

    usage = "merge INC-9 because ..."
    desk.verb(Verb("merge", usage, "this one is the same as that one", merge))

"""What does somebody read who pasted what does not belong in a room?"""

from __future__ import annotations

from bot.core import redaction, telling
from bot.core.facts.evidence import EvidencePreserved
from bot.core.incident import Incident
from bot.core.messages import Post


def please_delete(incident: Incident, fact: EvidencePreserved, is_held: bool) -> Post:
    """What the author of pasted data is asked; under a legal hold nothing is deleted."""
    what = redaction.named(fact.found)
    link = f" (<{fact.permalink}|the message>)" if fact.permalink else ""
    if is_held:
        do = "A legal hold is on, so please leave the message, and tell whoever holds Legal."
    else:
        do = "Please delete it in Slack: only you can. Then say it again without."
    kept = (
        f"Our own copy is sealed as E-{fact.number}."
        if fact.is_raw_kept
        else "We keep no copy of it."
    )
    said = f"Your message in {incident.reference}{link} holds {what}. {do} {kept}"
    return telling.note(incident, f"pasted {fact.number}", fact.author or "", said)

"""Which evidence do rules and wording get in tests?"""

from __future__ import annotations

from typing import Any

from bot.core.facts import Words
from bot.core.facts.evidence import EvidencePreserved, FileAwaited
from tests.features.values import NOW

SHA256 = "ab" * 32
LINK = "https://x.slack.com/archives/C1/p1"


def preserved(number: int = 1, **differing: Any) -> EvidencePreserved:  # noqa: ANN401
    """Something of Mara's in the vault, but for what differs."""
    usual: dict[str, Any] = {
        "number": number,
        "item": f"{number:032x}",
        "kind": "statement",
        "label": "amber",
        "custodian": "UMARA",
        "source": "message",
        "name": Words("Take <4> g"),
        "working": Words("Take <4> g"),
        "sha256": SHA256,
        "size_bytes": 1234,
        "taken_at": NOW,
    }
    return EvidencePreserved(**{**usual, **differing})


def awaited(number: int = 1, **differing: Any) -> FileAwaited:  # noqa: ANN401
    """A file that is being fetched."""
    usual: dict[str, Any] = {
        "number": number,
        "item": f"{number:032x}",
        "kind": "trace",
        "label": "amber",
        "custodian": "UMARA",
        "source": "file",
        "name": Words("trace.json"),
        "file_id": "F1",
    }
    return FileAwaited(**{**usual, **differing})

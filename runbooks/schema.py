"""What do editors need to know to complete and check a runbook while it is written?"""

from __future__ import annotations

import json
from typing import Literal

from runbooks.overlay import Overlay
from runbooks.runbook import Runbook

Which = Literal["runbook", "overlay"]


def schema(which: Which) -> str:
    """The JSON Schema of a runbook, or of the file laid over one, as indented JSON."""
    model = Runbook if which == "runbook" else Overlay
    title = "A runbook" if which == "runbook" else "What differs from a shipped runbook here"
    made = model.model_json_schema(mode="validation")
    made |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"

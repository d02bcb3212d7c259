"""How much memory does a large file take on its way from Slack into the vault and out again?"""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.slack.calls import Calls
from bot.slack.files import Files
from storage import migrate
from storage.db import Database
from storage.vault import Vault

NOW = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)


async def carried(api_url: str, folder: Path) -> dict[str, object]:
    """Fetch file F1 from this address into a vault in the folder, and read it again."""
    database = Database.open(f"sqlite:///{folder}/warroom.db")
    migrate.upgrade(database)
    vault = Vault(database, folder / "vault")
    async with Calls.connected("xoxb-large", api_url) as calls:
        files = Files(calls, vault)
        item = await files.reserve("incident/1", NOW)
        held = await files.fetch("F1", item)
    again = hashlib.sha256()
    for chunk in vault.read(item):
        again.update(chunk)
    database.close()
    return {
        "size_bytes": held.size_bytes,
        "sha256": held.sha256,
        "again": again.hexdigest(),
        "peak_bytes": _peak_kib() * 1024,
    }


def _peak_kib() -> int:
    """Of this program alone: getrusage counts what whoever started it held at that moment."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS: bytes
    lines = status.read_text(encoding="ascii").splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(carried(sys.argv[1], Path(sys.argv[2])))))

"""Is it on the disk?"""

from __future__ import annotations

import os
from pathlib import Path


def settled(path: Path) -> None:
    """Return when a file's bytes, or a folder's names, are on the disk."""
    opened_at = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened_at)
    finally:
        os.close(opened_at)

"""Who may preserve something, and what is masked of what they say about it?"""

from __future__ import annotations

from bot.core import preserving, typed

__all__ = ["preserve"]

# The words themselves are masked by it in the working copy, and kept as they were.
preserve = typed.masks("your note", typed.AGAIN, "labels", "note", "contact")(preserving.preserve)

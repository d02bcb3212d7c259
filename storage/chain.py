"""Which hash seals a fact to the one before it?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

GENESIS = "0" * 64
_SEALED = ("chain", "seq", "kind", "version", "actor", "at", "payload", "prev_hash")


def canonical(payload: Mapping[str, Any]) -> str:
    """The payload as RFC 8785 text, the form in which it is kept and hashed.

    Raises:
        ValueError: it holds what JSON cannot say, or an integer beyond 2**53.
    """
    return rfc8785.dumps(dict(payload)).decode()


def seal(row: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the RFC 8785 text of a fact, as it is kept: a row without its hash.

    The payload enters as its own RFC 8785 text, a string, and the time as the text
    `2026-11-21T03:40:00.000000+00:00`, so that nothing has to be parsed to check a seal.

    Raises:
        ValueError: the row holds what JSON cannot say.
    """
    return hashlib.sha256(rfc8785.dumps({name: row[name] for name in _SEALED})).hexdigest()

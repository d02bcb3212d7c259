"""Which hash seals a fact to the one before it?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from storage.tables import stamp

GENESIS = "0" * 64


def canonical(payload: Mapping[str, Any]) -> str:
    """The payload as RFC 8785 text, the form in which it is kept and hashed."""
    return rfc8785.dumps(dict(payload)).decode()


def seal(
    place: tuple[str, int],
    kind: tuple[str, int],
    origin: tuple[str, datetime],
    body: tuple[str, str],
) -> str:
    """SHA-256 in hex over everything a fact says.

    The four pairs are (chain, seq), (kind, version), (actor, at) and (payload text, previous hash).
    """
    sealed = {
        "chain": place[0],
        "seq": place[1],
        "kind": kind[0],
        "version": kind[1],
        "actor": origin[0],
        "at": stamp(origin[1]),
        "payload": body[0],
        "prev_hash": body[1],
    }
    return hashlib.sha256(rfc8785.dumps(sealed)).hexdigest()

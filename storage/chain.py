"""Which hash seals a fact to the one before it?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as _quoted
from typing import Any

import rfc8785

GENESIS = "0" * 64
SEALED = ("actor", "at", "chain", "kind", "payload", "prev_hash", "seq", "version")
_SAFE = 2**53 - 1  # beyond it RFC 8785 takes no integer
_PLAIN = {str, bool, type(None)}
# The package is written in Python and takes 30 us for a fact. Python's own encoder, which is not,
# writes the same bytes as long as a value holds no number with a fraction, no key beyond ASCII
# (RFC 8785 sorts by UTF-16) and nothing it would have to convert.
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(payload: Mapping[str, Any]) -> str:
    """The payload as RFC 8785 text, the form in which it is kept and hashed.

    Raises:
        ValueError: it holds what JSON cannot say, or an integer beyond 2**53.
    """
    value = dict(payload)
    if not _is_plain(value):
        return rfc8785.dumps(value).decode()
    text = _written(value)
    text.encode()  # half a surrogate pair is refused here as it is there
    return text


def seal(values: Sequence[Any]) -> str:
    """SHA-256 in hex over the RFC 8785 text of a fact, as it is kept: what `SEALED` names, so.

    The payload enters as its own RFC 8785 text, a string, and the time as the text
    `2026-11-21T03:40:00.000000+00:00`, so that nothing has to be parsed to check a seal.

    Raises:
        ValueError: the values hold what JSON cannot say.
    """
    *words, seq, version = values
    if not (_is_place(seq) and _is_place(version)):
        return _sealed_by_package(values)
    try:
        actor, at, chain, kind, payload, prev_hash = map(_quoted, words)
    except TypeError:  # of a row that was doctored
        return _sealed_by_package(values)
    text = (
        f'{{"actor":{actor},"at":{at},"chain":{chain},"kind":{kind},"payload":{payload},'
        f'"prev_hash":{prev_hash},"seq":{seq},"version":{version}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _sealed_by_package(values: Sequence[Any]) -> str:
    sealed = dict(zip(SEALED, values, strict=True))
    return hashlib.sha256(rfc8785.dumps(sealed)).hexdigest()


def _is_place(value: object) -> bool:
    return type(value) is int and isinstance(value, int) and -_SAFE <= value <= _SAFE


def _is_plain(value: object) -> bool:
    """Whether both encoders write the same; types derived from these are left to the package."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is int:
        return _is_place(value)
    if isinstance(value, dict):
        has_plain_names = {*map(type, value)} <= {str} and "".join(value).isascii()
        return kind is dict and has_plain_names and all(map(_is_plain, value.values()))
    return kind is list and isinstance(value, list) and all(map(_is_plain, value))

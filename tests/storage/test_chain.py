"""Is what is hashed RFC 8785 text to the byte, however fast it is written?"""

from __future__ import annotations

import enum
import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import chain


class _Rank(enum.IntEnum):
    WORST = 0


class _Status(enum.StrEnum):
    OPEN = "open"


_SAFE = 2**53 - 1
# Lone surrogates are among the characters: neither may write them.
_text = st.text(st.characters(codec=None), max_size=30)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(_SAFE - 2, _SAFE + 2),
    st.floats(),
    st.sampled_from([_Rank.WORST, _Status.OPEN, b"bytes"]),
    _text,
)
_names = st.one_of(_text, st.integers(), st.none())
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(_names, inner, max_size=4),
    ),
    max_leaves=12,
)
_SEALED = ("chain", "seq", "kind", "version", "actor", "at", "payload", "prev_hash")


def _written(value: dict[Any, Any]) -> str | None:
    try:
        return rfc8785.dumps(value).decode()
    except (ValueError, TypeError):
        return None


@settings(max_examples=1000, deadline=None)
@given(st.dictionaries(_names, _values, max_size=6))
@example({"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4, "": 5})
@example({"controls": "".join(map(chr, range(0x21))) + '\x7f\u2028\\"/'})
@example({"number": 1e21, "small": 1e-7, "none": -0.0})
def test_a_payload_is_written_as_rfc_8785_says_or_refused(payload: dict[Any, Any]) -> None:
    expected = _written(payload)
    if expected is None:
        with pytest.raises((ValueError, TypeError)):
            chain.canonical(payload)
    else:
        assert chain.canonical(payload) == expected


@settings(max_examples=500, deadline=None)
@given(st.fixed_dictionaries({name: _scalars for name in _SEALED}))
def test_a_seal_is_over_the_rfc_8785_text_whatever_a_doctored_row_holds(
    row: dict[str, Any],
) -> None:
    values = [row[name] for name in chain.SEALED]
    expected = _written(row)
    if expected is None:
        with pytest.raises((ValueError, TypeError)):
            chain.seal(values)
    else:
        assert chain.seal(values) == hashlib.sha256(expected.encode()).hexdigest()

"""How do processes on one Postgres database tell each other that something was written?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import Connection, text

from storage import dialects
from storage.db import Database
from storage.faults import Unwritable

_CHANNEL = "warroom"
_TELL = text("SELECT pg_notify(:channel, :said)")
# It changes nothing, so there is nothing to wait for on a disk.
_AT_ONCE = text("SET LOCAL synchronous_commit = off")


def tell(conn: Connection, said: str) -> None:
    """Let everybody who listens hear this, when the transaction is committed.

    Never together with facts: Postgres lets transactions that tell commit one at a time.
    """
    conn.execute(_AT_ONCE)
    conn.execute(_TELL, {"channel": _CHANNEL, "said": said})


async def hear(database: Database) -> AsyncIterator[str]:
    """What others tell, from now on; first an empty word, as soon as somebody listens.

    Raises:
        Unwritable: the connection could not be made, or broke.
    """
    address = dialects.address(database.url)
    _, given = address.get_dialect()().create_connect_args(address)
    arguments = {**given, **dialects.connect_arguments(address)}
    try:
        async with await psycopg.AsyncConnection.connect(**arguments, autocommit=True) as line:
            await line.execute(f"LISTEN {_CHANNEL}")
            yield ""
            async for notice in line.notifies():
                yield notice.payload
    except (psycopg.Error, OSError) as error:
        raise Unwritable("The line to the other processes broke.") from error

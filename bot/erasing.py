"""How are words erased for good, while the record of what happened stays?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.core import ids
from bot.core.facts.incidents import WordsErased
from bot.core.incident import Incident
from bot.core.outcome import Outcome, Refused
from bot.ledger import Stamp
from bot.looks import Looks
from bot.reads import Existing, NotWritten, Target, chain_of
from storage import log, lookup, outbox, texts
from storage.db import StorageError


class Erasures(Looks):
    """Erasing; it is the only write that takes something away."""

    def erase(self, target: Target, places: Sequence[str], reason: str, by: str) -> int:
        """Erase words for good, on the caller's thread; how many texts were left to erase.

        `places` are "seq.field" as `words_of` lists them. Slots that showed the words are rendered
        anew; words that Slack has already shown elsewhere stay there.

        Raises:
            Refused: a place holds no words, or something that quotes them is still being delivered.
            NotWritten: the database did not take it.
        """
        try:
            count = self._database.write_now(
                lambda conn: self._erase(conn, target, tuple(places), reason, by)
            )
            texts.scrub(self._database)
        except StorageError as error:
            raise NotWritten(error) from error
        return count

    def _erase(
        self,
        conn: Connection,
        target: Target,
        places: tuple[str, ...],
        reason: str,
        by: str,
    ) -> int:
        chain = chain_of(target)
        called = chain
        if isinstance(target, Existing):
            called = ids.reference(target.number)
            if lookup.lock(conn, target.number) is None:
                raise Refused(f"There is no {called}.")
        digests = _digests(log.read(conn, chain))
        if missing := [place for place in places if place not in digests]:
            raise Refused(
                f"There are no words at {', '.join(missing)} of {called}. "
                f"`warroom erase {called}` lists the places."
            )
        count = texts.erase(conn, [digests[place] for place in places])
        if count == 0:  # erased before; asking again only sees to it that the bytes are gone
            return 0
        number = target.number if isinstance(target, Existing) else 0
        # Anew: what is kept of the case still holds the words.
        case = self._ledger.case(Incident(number), self._ledger.facts(conn, chain))
        fact = WordsErased(places=places, reason=reason)
        stamp = Stamp(self._clock.now(), by)
        after = self._ledger.append(conn, chain, Outcome(facts=(fact,)), case, stamp)
        anew = self._ledger.drawn(after) if isinstance(target, Existing) else ()
        if outbox.settle_for_erasure(conn, chain, anew):
            raise Refused(
                "Messages that may quote these words are still being delivered. "
                "See `warroom outbox`, and erase when they are through."
            )
        return count


def _digests(rows: Sequence[log.Fact]) -> dict[str, str]:
    """What stands for words in these rows, by place: "seq.field" -> digest."""
    return {
        f"{row.seq}.{name}": str(value["words"])
        for row in rows
        for name, value in row.payload.items()
        if isinstance(value, dict) and "words" in value
    }

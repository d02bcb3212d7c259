"""Is each kind of tampering found, by the chain itself or by anchors kept outside the database?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.anchoring import Notary, compared
from storage import anchors, log, texts
from storage.db import Database
from storage.faults import StorageError
from tests.storage.attack import Execute, attacking, rewrite

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ONE, TWO = "incident/1", "incident/2"
CHANGED = "It was changed after it was written."


def append(database: Database, chain: str, *severities: str) -> None:
    drafts = [log.Draft("SeverityChanged", 1, "U1", AT, {"severity": one}) for one in severities]
    database.write_now(lambda conn: log.append(conn, chain, drafts))


def verify(database: Database) -> log.Verification:
    return database.read_now(log.verify)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "warroom.anchors"


@pytest.fixture
def written(database: Database) -> Database:
    """Two incidents, of three facts and of two."""
    append(database, ONE, "SEV3", "SEV2", "SEV1")
    append(database, TWO, "SEV4", "SEV3")
    return database


@pytest.fixture
def anchored(written: Database, file: Path) -> Database:
    """The same, with the heads noted outside the database."""
    Notary(written, file).note(AT)
    return written


def swap_payloads(execute: Execute) -> None:
    first, second = execute(
        "SELECT payload FROM facts WHERE chain = ? AND seq < 3 ORDER BY seq", ONE
    )
    for payload, seq in ((second[0], 1), (first[0], 2)):
        execute("UPDATE facts SET payload = ? WHERE chain = ? AND seq = ?", payload, ONE, seq)


def swap_payloads_with_their_hashes(execute: Execute) -> None:
    first, second = execute(
        "SELECT payload, hash FROM facts WHERE chain = ? AND seq < 3 ORDER BY seq", ONE
    )
    put = "UPDATE facts SET payload = ?, hash = ? WHERE chain = ? AND seq = ?"
    for (payload, seal), seq in ((second, 1), (first, 2)):
        execute(put, payload, seal, ONE, seq)


def replace(execute: Execute) -> None:
    columns = "chain, seq, kind, version, actor, at, payload, prev_hash, hash"
    [row] = execute(f"SELECT {columns} FROM facts WHERE chain = ? AND seq = 2", ONE)
    execute("DELETE FROM facts WHERE chain = ? AND seq = 2", ONE)
    marks = ", ".join("?" * len(row))
    execute(
        f"INSERT INTO facts ({columns}) VALUES ({marks})", *row[:6], '{"severity":"SEV4"}', *row[7:]
    )


INSIDE: dict[str, tuple[Callable[[Execute], object], int, str]] = {
    "a tampered fact": (
        lambda run: run("UPDATE facts SET actor = 'U9' WHERE chain = ? AND seq = 2", ONE),
        2,
        CHANGED,
    ),
    "a deleted fact": (
        lambda run: run("DELETE FROM facts WHERE chain = ? AND seq = 2", ONE),
        2,
        "It is missing; the next one there is fact 3.",
    ),
    "a replaced fact": (replace, 2, CHANGED),
    "swapped payloads": (swap_payloads, 1, CHANGED),
    "payloads swapped with their hashes": (swap_payloads_with_their_hashes, 1, CHANGED),
}


@pytest.mark.parametrize("what", INSIDE)
def test_the_chain_itself_shows(written: Database, what: str) -> None:
    act, seq, reason = INSIDE[what]
    with attacking(written) as execute:
        act(execute)
    assert verify(written).broken == log.Broken(ONE, seq, reason)


def test_insert_or_replace_past_the_triggers_shows(sqlite_database: Database) -> None:
    append(sqlite_database, ONE, "SEV3", "SEV2", "SEV1")
    with attacking(sqlite_database) as execute:
        execute(
            "INSERT OR REPLACE INTO facts SELECT chain, seq, 'Forged', version, actor, at, "
            "payload, prev_hash, hash FROM facts WHERE seq = 2"
        )
    assert verify(sqlite_database).broken == log.Broken(ONE, 2, CHANGED)


def cut_tail(execute: Execute) -> None:
    execute("DELETE FROM facts WHERE chain = ? AND seq > 1", ONE)


def take_chain(execute: Execute) -> None:
    execute("DELETE FROM facts WHERE chain = ?", ONE)


def milder(row: dict[str, Any]) -> None:
    row["payload"] = row["payload"].replace("SEV1", "SEV3")


def rewrite_chain(execute: Execute) -> None:
    rewrite(execute, ONE, milder)


def take_everything(execute: Execute) -> None:
    execute("DELETE FROM facts")


CUT = "It and all behind it are missing; 3 facts were anchored."
GONE = "The whole chain is missing; 3 of its facts were anchored."
OTHER = "It is another fact than the one that was anchored."
OUTSIDE: dict[str, tuple[Callable[[Execute], object], log.Broken]] = {
    "a cut tail": (cut_tail, log.Broken(ONE, 2, CUT)),
    "a missing chain": (take_chain, log.Broken(ONE, 1, GONE)),
    "a rewritten chain": (rewrite_chain, log.Broken(ONE, 3, OTHER)),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_only_the_anchors_show(anchored: Database, file: Path, what: str) -> None:
    act, broken = OUTSIDE[what]
    with attacking(anchored) as execute:
        act(execute)
    assert verify(anchored).broken is None
    assert compared(anchored, file)[1] == [broken]


def test_an_emptied_log_is_missed_chain_by_chain(anchored: Database, file: Path) -> None:
    with attacking(anchored) as execute:
        take_everything(execute)
    assert verify(anchored) == log.Verification(chains=0, facts=0)
    assert [one.chain for one in compared(anchored, file)[1]] == [ONE, TWO]


@pytest.mark.parametrize("what", OUTSIDE)
def test_a_loss_still_shows_when_the_bot_went_on_and_anchored_again(
    anchored: Database, file: Path, what: str
) -> None:
    with attacking(anchored) as execute:
        OUTSIDE[what][0](execute)
    append(anchored, ONE, *["SEV2"] * 5)
    append(anchored, TWO, "SEV2")
    for notary in (Notary(anchored, file), Notary(anchored, file)):
        noted = notary.note(AT + timedelta(hours=1))
        assert [one.chain for one in noted.broken] == [ONE]
    assert verify(anchored).broken is None
    assert [one.chain for one in compared(anchored, file)[1]] == [ONE]
    assert anchors.read(file).newest[TWO].seq == 3


def test_an_older_anchor_counts_though_a_newer_one_fits(anchored: Database, file: Path) -> None:
    with attacking(anchored) as execute:
        cut_tail(execute)
    # Somebody who begins to anchor by hand after the cut vouches for what was left.
    anchors.append(file, AT, anchored.read_now(anchors.heads))
    assert compared(anchored, file)[1] == [log.Broken(ONE, 2, CUT)]


def test_a_log_that_grew_is_as_it_was_anchored(anchored: Database, file: Path) -> None:
    append(anchored, ONE, "SEV2")
    append(anchored, "incident/3", "SEV1")
    noted, broken = compared(anchored, file)
    assert broken == []
    assert {chain: head.seq for chain, head in noted.newest.items()} == {ONE: 3, TWO: 2}
    assert noted.at == AT


def test_erased_words_leave_the_anchors_whole(database: Database, file: Path) -> None:
    digest = database.write_now(lambda conn: texts.put(conn, ONE, ["It gave a dose."]))[0]
    draft = log.Draft("Declared", 1, "U1", AT, {"title": {"words": digest}})
    database.write_now(lambda conn: log.append(conn, ONE, [draft]))
    Notary(database, file).note(AT)
    database.write_now(lambda conn: texts.erase(conn, [digest]))
    append(database, ONE, "SEV1")
    assert compared(database, file)[1] == []


def test_only_what_is_new_is_noted(written: Database, file: Path) -> None:
    notary = Notary(written, file)
    assert [notary.note(AT).new, notary.note(AT).new] == [2, 0]
    append(written, TWO, "SEV1")
    assert Notary(written, file).note(AT).new == 1  # its past self is remembered by the file
    lines = file.read_text().splitlines()
    assert len(lines) == 2
    assert ONE in lines[0]
    assert ONE not in lines[1]


def test_a_line_cut_off_by_a_crash_costs_no_other_anchor(anchored: Database, file: Path) -> None:
    with file.open("a") as torn:
        torn.write('{"at":"2026-03-01T09:0')
    append(anchored, TWO, "SEV1")
    assert Notary(anchored, file).note(AT).new == 1
    noted, broken = compared(anchored, file)
    assert (noted.torn, broken) == (1, [])
    assert {chain: head.seq for chain, head in noted.newest.items()} == {ONE: 3, TWO: 3}


def test_a_line_cut_off_at_its_very_end_costs_no_other_anchor(
    anchored: Database, file: Path
) -> None:
    append(anchored, TWO, "SEV1")
    Notary(anchored, file).note(AT)
    file.write_text(file.read_text().removesuffix("}\n"))
    append(anchored, TWO, "SEV2")
    assert Notary(anchored, file).note(AT).new == 1
    noted, broken = compared(anchored, file)
    assert (noted.torn, broken) == (1, [])
    assert noted.newest[TWO].seq == 4


def test_a_line_that_is_no_anchor_is_named(anchored: Database, file: Path) -> None:
    file.write_text(file.read_text() + '{"heads":{}}\n')
    with pytest.raises(StorageError, match=r"Line 2 of .* is no anchor; it was changed\."):
        compared(anchored, file)


def test_a_file_that_cannot_be_written_is_told(written: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        Notary(written, tmp_path / "nowhere" / "file").note(AT)

"""Who is known when Slack cannot be asked?"""

from __future__ import annotations

from dataclasses import replace

from bot.core.outcome import Person
from bot.directory import Directory
from storage import outbox
from storage.db import Database

MARA = Person("U0ONCALL", "mara", "Europe/Stockholm", email="Mara@example.com")
MARC = Person("U2", "marc", is_guest=True)


async def test_what_slack_said_last_is_known_to_another_process(database: Database) -> None:
    await Directory(database).keep(MARC)
    await Directory(database).keep(MARA)
    await Directory(database).keep(replace(MARA, tz="Europe/Berlin"))
    known = await Directory(database).known(["U0ONCALL", "U2", "U3"])
    assert known == {"U0ONCALL": replace(MARA, tz="Europe/Berlin"), "U2": MARC}


async def test_people_are_found_by_address_by_name_and_by_a_part_of_it(database: Database) -> None:
    directory = Directory(database)
    for person in (MARA, MARC, Person("U4", "mar"), Person("U5", "marvin", has_left=True)):
        await directory.keep(person)
    found = {word: [one.id for one in await directory.named(word)] for word in WORDS}
    assert found == WORDS


WORDS = {
    "mara@EXAMPLE.com": ["U0ONCALL"],
    "Mara": ["U0ONCALL"],
    "mar": ["U4"],
    "arc": ["U2"],
    "marvin": [],
}


async def test_what_another_version_kept_besides_is_left_out(database: Database) -> None:
    value = {"id": "U9", "name": "noor", "pronouns": "she"}
    database.write_now(lambda conn: outbox.give(conn, "known/U9", value))
    assert await Directory(database).known(["U9"]) == {"U9": Person("U9", "noor")}


async def test_nothing_fails_where_the_database_does_not_answer(
    sqlite_database: Database,
) -> None:
    directory = Directory(sqlite_database)
    sqlite_database.write_now(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count = 1").all())
    await directory.keep(replace(MARA, name="m" * 100_000))
    assert await Directory(sqlite_database).known(["U0ONCALL"]) == {}

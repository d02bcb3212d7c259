"""What becomes of what somebody preserves, and who may?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.evidence import EvidencePreserved, FileAwaited
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.people import PersonCame
from bot.core.outcome import Outcome, Person, Refused
from bot.core.preserving import Bytes, Labels, Place, Preserve, SlackFile
from bot.features.fetching import rules as fetching
from bot.features.preserving import rules
from tests.features.evidence.values import SHA256, awaited, preserved
from tests.features.values import context, declared, incident

KEPT = Bytes("1" * 32, SHA256, 12)
PLACE = Place("C1", "1.0", "https://x.slack.com/archives/C1/p1", "UJUN")
FILE = SlackFile("F1", "trace.json", "2" * 32)
WORDS = Preserve("message", Labels("statement"), PLACE, "Take 4 g", KEPT)


def preserve(request: Preserve, *facts: Fact, person: Person | None = None) -> Outcome:
    told = (declared(), *facts)
    asks = context(*told, actor=person.id if person else "UMARA", person=person)
    return rules.preserve(incident(*told), request, asks)


def test_words_and_files_are_numbered_one_after_the_other() -> None:
    wanted = Preserve("message", Labels("trace"), PLACE, "See", KEPT, (FILE,))
    first, second = preserve(wanted, preserved()).facts
    assert isinstance(first, EvidencePreserved)
    assert isinstance(second, FileAwaited)
    assert (first.number, second.number) == (2, 3)
    assert (second.name, second.file_id, second.source) == ("trace.json", "F1", "file")


def test_what_nobody_said_is_as_the_policy_has_it() -> None:
    [fact] = preserve(Preserve("upload", files=(FILE,))).facts
    assert isinstance(fact, FileAwaited)
    assert (fact.kind, fact.label, fact.custodian) == ("other", "amber", "UMARA")


def test_notes_and_contacts_keep_no_address() -> None:
    labels = Labels(note="ask a@x.example", contact="a@x.example, ticket 7")
    [fact] = preserve(Preserve("text", labels, None, "x", KEPT)).facts
    assert isinstance(fact, EvidencePreserved)
    assert fact.note == "ask [e-mail address 1]"
    assert fact.contact == "[e-mail address 1], ticket 7"


def test_a_message_elsewhere_gets_no_mark() -> None:
    assert len(preserve(WORDS).messages) == 1
    elsewhere = Preserve("message", Labels(), PLACE, "x", KEPT, is_here=False)
    assert preserve(elsewhere).messages == ()


@pytest.mark.parametrize(
    ("request_", "field", "sentence"),
    [
        (Preserve("message"), None, "There is nothing to preserve."),
        (Preserve("text", Labels("gone"), None, "x", KEPT), "kind", "This kind is no longer"),
        (Preserve("text", Labels(label="x"), None, "x", KEPT), "label", "This label is no longer"),
        (
            Preserve("text", Labels(custodian="USAM"), None, "x", KEPT),
            "custodian",
            "A custodian has to be in the incident's room.",
        ),
    ],
)
def test_what_cannot_be_preserved_is_refused_at_its_field(
    request_: Preserve, field: str | None, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        preserve(request_)
    assert refused.value.field == field


def test_the_same_file_is_preserved_once_unless_it_was_missed_or_erased() -> None:
    wanted = Preserve("file", files=(FILE,))
    with pytest.raises(Refused, match="This file is E-1 already"):
        preserve(wanted, awaited())
    missed = fetching.miss(
        incident(declared(), awaited()),
        fetching.Missed(awaited().item, "It was deleted."),
        context(declared(), awaited()),
    )
    assert preserve(wanted, awaited(), *missed.facts).facts


def test_guests_outsiders_and_closed_incidents_take_no_evidence() -> None:
    guest = Person("UKOFI", is_guest=True)
    with pytest.raises(Refused, match="You are a guest here"):
        preserve(WORDS, PersonCame(person="UKOFI"), person=guest)
    with pytest.raises(Refused, match="You are not in the room"):
        preserve(WORDS, person=Person("USAM"))
    with pytest.raises(Refused, match="is over"):
        preserve(WORDS, IncidentClosed(reason=Words("done")))

"""How do offers and handoffs read?"""

from __future__ import annotations

from bot.core import blockkit, lacking
from bot.core.facts import Fact, Words
from bot.core.facts.people import PersonAdded, PersonLeft
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.features.roles import blocks
from bot.features.roles.state import Roles
from tests.features.values import as_shown, declared
from tests.screen import shown

FACTS: tuple[Fact, ...] = (declared(), RoleAccepted(role="ic", person="UMARA"))


def _offered(items: str) -> str:
    facts = (
        *FACTS,
        RoleOffered(role="ic", person="UIDRIS", is_handoff=True, open_items=Words(items)),
    )
    page = as_shown(*facts)
    [asked] = page.states.of(Roles).asked
    content = blocks.offer(page, asked)
    assert all(len(one["text"]["text"]) <= 3000 for one in content.to_json()["blocks"][:-1])
    return content.text


def test_open_items_have_their_times_as_each_reader_has_them() -> None:
    page = as_shown(*FACTS)
    owed = {one.label: one.due_at for one in page.deadlines}
    items = blocks.open_items(page, "ic")
    assert "UTC" not in items
    first = items.split("\n")[0]
    text = _offered(f"{items}\nCanary at <04:00>")
    assert f"{first} by {blockkit.when(owed[first])}" in text
    assert "Canary at &lt;04:00&gt;." in text


def test_what_is_typed_at_length_still_fits_the_message() -> None:
    assert "&amp;&amp;" in _offered("&" * 3000)


def test_the_form_of_a_handoff_says_by_when_what_is_owed() -> None:
    page = as_shown(*FACTS)
    form = blocks.handoff_modal(page, "ic").to_dict()
    said = shown(form["blocks"])
    assert "You stay Incident Commander until they accept. Owed: " in said
    assert "<!date^" in said


def test_whoever_holds_a_role_and_has_left_the_room_is_lacking() -> None:
    facts = (*FACTS, PersonAdded(person="UJUN"))
    gone = "the Incident Commander has left the room: anybody in it can take the role"
    assert gone not in lacking.gaps(as_shown(*facts))
    assert gone in lacking.gaps(as_shown(*facts, PersonLeft(person="UMARA")))

"""Which blocks and elements are found inside others?"""

from __future__ import annotations

from bot.sandbox import modals, shapes


def test_buttons_in_containers_and_on_cards_are_found_with_ids_of_their_own() -> None:
    text = {"type": "plain_text", "text": "Go"}
    button = {"type": "button", "text": text}
    row = {"type": "actions", "elements": [{**button, "action_id": "in"}]}
    card = {"type": "card", "actions": [{**button, "action_id": "on"}]}
    blocks = shapes.stored_blocks(
        [
            {"type": "container", "title": text, "child_blocks": [row]},
            {"type": "carousel", "elements": [card, card]},
        ]
    )
    found = [
        (block["block_id"], element["action_id"]) for block, element in modals.elements(blocks)
    ]
    assert [action_id for _, action_id in found] == ["in", "on", "on"]
    assert len({block_id for block_id, _ in found}) == 3

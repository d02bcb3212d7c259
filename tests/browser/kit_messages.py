"""Which messages show every block and every element that messages may have?"""

from __future__ import annotations

from tests.browser import kit_cards
from tests.browser.kit_parts import (
    CONFIRM,
    NOON,
    PICTURE,
    Json,
    button,
    item_list,
    line,
    mrkdwn,
    option,
    plain,
    rich,
    said,
)

RICH = rich(
    line(
        said("bold", bold=True), said(" italic", italic=True), said(" struck", strike=True),
        said(" code", code=True), said(" underlined", underline=True),
        said(" marked", highlight=True), said(" both", bold=True, italic=True), said(" "),
        {"type": "link", "url": "https://example.test/a", "text": "a link"}, said(" "),
        {"type": "emoji", "name": "wave"}, said(" "),
        {"type": "user", "user_id": "U0SAFETY"}, said(" "),
        {"type": "usergroup", "usergroup_id": "S0SAFETY"}, said(" "),
        {"type": "channel", "channel_id": "C0GENERAL"}, said(" "),
        {"type": "broadcast", "range": "here"}, said(" "),
        {"type": "color", "value": "#c2185b"}, said(" "),
        {"type": "date", "timestamp": NOON, "format": "{date_long} {time}", "fallback": "noon"},
    ),
    item_list("bullet", 0, "Stop the harm", "Tell people"),
    item_list("ordered", 1, "First", "Second", offset=2),
    {"type": "rich_text_quote", "elements": [said("quoted")]},
    {"type": "rich_text_preformatted", "elements": [said("dose = 1000  # mg\nstop()")]},
)  # fmt: skip
MARKDOWN = """\
# Handover
Plain, **bold**, *italic*, ~~struck~~, `code` and [a link](https://example.test/b).

- one
- two

| Model | Share |
|---|---|
| Dosage 4.2 | 12 % |

```python
stop()
```
<script>alert(1)</script> [no](javascript:alert(1))
"""


WORDS: list[Json] = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn("A *section* with a <https://example.test|link> and `code`"),
        "fields": [mrkdwn(f"*Field {number}*\nvalue") for number in range(1, 5)],
        "accessory": button("Open", url="https://example.test/open"),
    },
    {
        "type": "context",
        "elements": [
            {"type": "image", "image_url": PICTURE, "alt_text": "a blue field"},
            mrkdwn("said by <@U0SAFETY>"),
            plain("in small print"),
        ],
    },
    {"type": "divider"},
    RICH,
    {"type": "markdown", "text": MARKDOWN},
]
MEDIA: list[Json] = [
    {
        "type": "image",
        "image_url": PICTURE,
        "alt_text": "a blue field",
        "title": plain("A picture"),
    },
    {"type": "image", "image_url": "https://example.test/a.png", "alt_text": "a graph elsewhere"},
    {
        "type": "video",
        "title": plain("How to hand over"),
        "title_url": "https://example.test/watch",
        "video_url": "https://example.test/embed",
        "thumbnail_url": "https://example.test/thumb.png",
        "alt_text": "a person hands over",
        "author_name": "Noor",
        "description": plain("Two minutes"),
        "provider_name": "Example",
    },
    {"type": "call", "call_id": "R0CALL", "call": {"v1": {"name": "Bridge"}}},
]
PRESSED: list[Json] = [
    {
        "type": "actions",
        "block_id": "pressed",
        "elements": [
            button("Plain", value="7"),
            button("Primary", style="primary"),
            button("Danger", style="danger", confirm=CONFIRM),
            {
                "type": "overflow",
                "action_id": "overflow",
                "options": [
                    option("Edit"),
                    option("Look up", url="https://example.test/help"),
                ],
            },
            {
                "type": "static_select",
                "action_id": "level",
                "placeholder": plain("Level"),
                "options": [option("Low"), option("High")],
                "confirm": CONFIRM,
            },
            {"type": "users_select", "action_id": "who", "placeholder": plain("Who")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-28"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "12:30"},
            {
                "type": "datetimepicker",
                "action_id": "moment",
                "initial_date_time": NOON,
            },
            {
                "type": "checkboxes",
                "action_id": "checks",
                "options": [option("Seen"), option("Told")],
            },
            {
                "type": "radio_buttons",
                "action_id": "radio",
                "options": [option("Yes"), option("No")],
                "initial_option": option("No"),
            },
            {
                "type": "workflow_button",
                "action_id": "workflow",
                "text": plain("Run workflow"),
                "workflow": {"trigger": {"url": "https://example.test/trigger"}},
            },
        ],
    },
    {
        "type": "context_actions",
        "block_id": "feedback",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            },
            {
                "type": "icon_button",
                "action_id": "trash",
                "icon": "trash",
                "text": plain("Delete answer"),
                "value": "gone",
            },
        ],
    },
]
INPUTS: list[Json] = [
    {
        "type": "input",
        "block_id": "asked",
        "dispatch_action": True,
        "label": plain("Why now?"),
        "element": {"type": "plain_text_input", "action_id": "why"},
    }
]
EVERY = {
    "words": WORDS,
    "media": MEDIA,
    **kit_cards.EVERY,
    "pressed": PRESSED,
    "inputs": INPUTS,
}

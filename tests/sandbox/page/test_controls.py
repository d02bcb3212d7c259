"""Do text objects become names and HTML without becoming markup?"""

from __future__ import annotations

from bot.sandbox.page import controls
from bot.sandbox.page.mrkdwn import Reader

READER = Reader()


def test_a_name_has_the_characters_and_not_their_escapes() -> None:
    plain = {"type": "plain_text", "text": "R&amp;D &lt;team&gt; :warning:"}
    assert controls.words(plain) == "R&D <team> ⚠️"
    assert controls.words(None) == ""


def test_plain_text_is_no_mrkdwn_and_mrkdwn_is_no_html() -> None:
    text = "*a* <b>\n&lt;i&gt;"
    plain = controls.text_html({"type": "plain_text", "text": text}, READER)
    assert plain == "*a* &lt;b&gt;<br>&lt;i&gt;"
    rich = controls.text_html({"type": "mrkdwn", "text": text}, READER)
    assert rich == "<strong>a</strong> &lt;b&gt;<br>&lt;i&gt;"

"""Which emoji does the workspace know, and what are they called?"""

from __future__ import annotations

import re

CHARACTERS = {
    "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️",
    "rotating_light": "🚨", "fire": "🔥", "fire_extinguisher": "🧯", "eyes": "👀",
    "red_circle": "🔴", "large_orange_circle": "🟠", "orange_circle": "🟠",
    "large_yellow_circle": "🟡", "large_green_circle": "🟢", "large_blue_circle": "🔵",
    "large_purple_circle": "🟣", "white_circle": "⚪", "black_circle": "⚫",
    "large_red_square": "🟥", "large_orange_square": "🟧", "large_yellow_square": "🟨",
    "large_green_square": "🟩", "large_blue_square": "🟦", "memo": "📝", "pencil": "📝",
    "pencil2": "✏️", "clipboard": "📋", "pushpin": "📌", "round_pushpin": "📍", "bookmark": "🔖",
    "bell": "🔔", "no_bell": "🔕", "mega": "📣", "loudspeaker": "📢", "speech_balloon": "💬",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "stopwatch": "⏱️", "alarm_clock": "⏰",
    "clock1": "🕐", "calendar": "📅", "date": "📅", "lock": "🔒", "unlock": "🔓", "key": "🔑",
    "shield": "🛡️", "scales": "⚖️", "balance_scale": "⚖️", "bulb": "💡", "mag": "🔍",
    "question": "❓", "exclamation": "❗", "information_source": "ℹ️", "no_entry": "⛔",
    "no_entry_sign": "🚫", "octagonal_sign": "🛑", "construction": "🚧", "wrench": "🔧",
    "hammer_and_wrench": "🛠️", "gear": "⚙️", "link": "🔗", "file_folder": "📁",
    "page_facing_up": "📄", "package": "📦", "chart_with_upwards_trend": "📈",
    "chart_with_downwards_trend": "📉", "bar_chart": "📊", "robot_face": "🤖", "computer": "💻",
    "phone": "☎️", "telephone_receiver": "📞", "pager": "📟", "email": "✉️", "envelope": "✉️",
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "wave": "👋", "clap": "👏",
    "raised_hand": "✋", "raised_hands": "🙌", "pray": "🙏", "handshake": "🤝", "tada": "🎉",
    "heart": "❤️", "smile": "😄", "slightly_smiling_face": "🙂", "thinking_face": "🤔",
    "point_right": "👉", "arrow_right": "➡️", "arrow_up": "⬆️", "arrow_down": "⬇️",
    "arrows_counterclockwise": "🔄", "repeat": "🔁", "house": "🏠", "busts_in_silhouette": "👥",
    "bust_in_silhouette": "👤", "firefighter": "🧑‍🚒", "ambulance": "🚑", "hospital": "🏥",
    "pill": "💊", "dart": "🎯", "checkered_flag": "🏁", "triangular_flag_on_post": "🚩",
    "zap": "⚡", "star": "⭐", "sparkles": "✨", "test_tube": "🧪", "microscope": "🔬",
    "scroll": "📜",
}  # fmt: skip
# Where two names share a character, Slack's own is not always the first.
_NAMES = {
    **{character: name for name, character in reversed(CHARACTERS.items())},
    "\U0001f4c5": "date",
}
_PLAIN = {character.removesuffix("\ufe0f"): name for character, name in _NAMES.items()}
_ANY = re.compile("(" + "|".join(sorted(_PLAIN, key=len, reverse=True)) + ")\ufe0f?")


def named(text: str) -> str:
    """The text with the characters it knows as `:name:`, the way Slack stores them."""
    return _ANY.sub(lambda match: f":{_PLAIN[match[1]]}:", text)

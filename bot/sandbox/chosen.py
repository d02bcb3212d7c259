"""What was chosen here where Slack's documentation is silent?"""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.sandbox.rules import blockkit, channels, conversations, messages, rates, text


@dataclass(frozen=True)
class Chosen:
    """One field for each choice; None switches it off.

    `message_block_chars`: characters and weight of a message's blocks, slackapi/bolt-js issue 2509.
    `metadata_bytes`: bytes of a message's metadata as JSON.
    `spent_response_url`: the HTTP status of a response_url that is used up; without it 200, and
    nothing is done.
    `eleventh_connection`: the reason in the `disconnect` that turns one connection too many away;
    without it the connection is closed without a word.
    `thread_in_container`: a button in a thread tells the thread in `container.thread_ts`.
    `redelivery_seconds`: how long what a broken connection lost waits for a new one.
    `posts_at_once`: messages at once in a channel, off a minute's worth.
    `posts_a_minute`: messages in the whole workspace.
    `pins`: in one channel.
    `invited_at_once`: people in one conversations.invite; off, it is the larger of two numbers.
    `reactions_of_one`, `emoji_on_message`: emoji of one person, and of all, on one message.
    """

    message_block_chars: int | None = blockkit.limit("blocks.sum")
    metadata_bytes: int | None = text.limit("text.metadata.size")
    spent_response_url: int | None = 404
    eleventh_connection: str | None = "too_many_websockets"
    thread_in_container: bool | None = True
    redelivery_seconds: float | None = 3.0
    posts_at_once: int | None = rates.POST_BURST.limit
    posts_a_minute: int | None = rates.POSTS.limit
    pins: int | None = channels.PINS.limit
    invited_at_once: int | None = conversations.INVITED_LISTED.limit
    reactions_of_one: int | None = messages.REACTIONS.limit
    emoji_on_message: int | None = messages.EMOJI.limit

    @classmethod
    def none(cls) -> Chosen:
        """Nothing but what is documented."""
        return cls(**dict.fromkeys(field.name for field in fields(cls)))

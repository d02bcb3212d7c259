"""What was chosen here where Slack's documentation is silent?"""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.sandbox.rules import blockkit, channels, conversations, files, messages, rates, text


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
    `wrong_length`: the HTTP status for an upload of more or fewer bytes than were announced.
    `unsent_upload`: what completing an upload without its bytes is refused with.
    `upload_thread`: refuse `thread_ts` of a reply, of nothing, or beside several channels.
    `upload_channel_id`: refuse a `channel_id` that is no channel's id by its letters.
    `shares_later`: the answer to a completed upload is from before its files were shared.
    `files_of_no_channel`: what listing the files of an unknown channel is refused with.
    `upload_archived`: what sharing a file in an archived channel is refused with.
    `login_page`: the HTTP status of the redirect where a download has no token; off, it is 403.
    `file_input_scope`: a file_input needs a scope.
    `invited_at_once`: people in one conversations.invite; off, it is the larger of two numbers.
    `steady_rate`: calls of a tier come back one by one; off, a minute's worth when it is over.
    `home_charts`: App Home takes no data_visualization.
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
    wrong_length: int | None = 400
    unsent_upload: str | None = "file_not_found"
    upload_thread: bool | None = True
    upload_channel_id: bool | None = True
    shares_later: bool | None = True
    files_of_no_channel: str | None = "channel_not_found"
    upload_archived: str | None = "posting_to_channel_denied"
    login_page: int | None = files.limit("files.download.login")
    file_input_scope: bool | None = True
    invited_at_once: int | None = conversations.INVITED_LISTED.limit
    reactions_of_one: int | None = messages.REACTIONS.limit
    steady_rate: bool | None = True
    home_charts: bool | None = True
    emoji_on_message: int | None = messages.EMOJI.limit

    @classmethod
    def none(cls) -> Chosen:
        """Nothing but what is documented."""
        return cls(**dict.fromkeys(field.name for field in fields(cls)))

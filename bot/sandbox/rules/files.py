"""Which rules of Slack hold for files?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, limits, listed

_GET = "D:methods/files.getUploadURLExternal"
_COMPLETE = "D:methods/files.completeUploadExternal"
_INFO = "D:methods/files.info"
_OBJECT = "D:reference/objects/file-object"
_SLACK_FILE = "D:reference/block-kit/composition-objects/slack-file-object"
_FILE_INPUT = "D:reference/block-kit/block-elements/file-input-element"
_EVENTS = "D:reference/events"

_UPLOAD = (
    *listed(
        "methods/files.py", _GET,
        ("files.getUploadURLExternal.scope", None, "files:write"),
        ("files.getUploadURLExternal.answer", None, "`upload_url` and `file_id`"),
        ("files.getUploadURLExternal.missing_argument", None, "`missing_argument`: `length` is 0"),
        ("files.getUploadURLExternal.snippet_too_large", 1_000_000,
         "Bytes of a snippet: `snippet_too_large`"),
        ("files.getUploadURLExternal.alt_txt_too_large", 1_000,
         "Characters of `alt_txt`: `alt_txt_too_large`"),
        ("files.getUploadURLExternal.storage_limit_reached", 5_000_000_000,
         "Bytes of all files without a paid plan: `storage_limit_reached`"),
    ),
    *listed(
        "transfers.py", _GET,
        ("files.upload.bodies", None, "The bytes come raw or as multipart, by POST, with no token"),
        ("files.upload.answer", None, "HTTP 200 and `OK - ` with their number"),
        ("files.upload.failure", None, "Any other status is a failure: no such upload, no bytes"),
    ),
    Rule(
        "files.upload.length", "As many bytes as `length` said, else HTTP 400", _GET,
        "transfers.py", switch="wrong_length",
    ),
)  # fmt: skip

_COMPLETED = (
    *listed(
        "methods/files.py", _COMPLETE,
        ("files.completeUploadExternal.scope", None, "files:write"),
        ("files.completeUploadExternal.file_not_found", None, "`file_not_found`: no such upload"),
        ("files.completeUploadExternal.once", None, "An upload is completed once"),
        ("files.completeUploadExternal.discarded", None,
         "What is never completed is no file: files.info does not know it"),
        ("files.completeUploadExternal.private", None, "Without a channel only the app sees it"),
        ("files.completeUploadExternal.channel_not_found", None, "`channel_not_found`"),
        ("files.completeUploadExternal.not_in_channel", None, "`not_in_channel`"),
        ("files.completeUploadExternal.channels_limit_exceeded", 100,
         "Channels in one call: `channels_limit_exceeded`"),
        ("files.completeUploadExternal.message", None,
         "One message with all files, `initial_comment` and, in a thread, `thread_ts`"),
        ("files.completeUploadExternal.blocks", None,
         "`blocks` are ignored beside `initial_comment`, and refused like those of messages"),
    ),
    Rule(
        "files.completeUploadExternal.channel_id",
        "`channel_id` is a channel's id: no name, no person",
        "PostHog/posthog pull request 47718", "methods/files.py", switch="upload_channel_id",
    ),
    Rule(
        "files.completeUploadExternal.shares",
        "The answer comes before the files are shared: its `shares` are empty",
        "slackapi/bolt-js issue 2115, node-slack-sdk issue 1865", "methods/files.py",
        switch="shares_later",
    ),
    Rule(
        "files.completeUploadExternal.unsent", "`file_not_found`: its bytes never came", _COMPLETE,
        "methods/files.py", switch="unsent_upload",
    ),
    Rule(
        "files.completeUploadExternal.thread",
        "`thread_ts` is a parent's, and goes with one channel: `invalid_arguments`", _COMPLETE,
        "methods/files.py", switch="upload_thread",
    ),
    Rule(
        "files.completeUploadExternal.archived", "Archived: `posting_to_channel_denied`", _COMPLETE,
        "methods/files.py", switch="upload_archived",
    ),
)  # fmt: skip

_KEPT = (
    *listed(
        "methods/files.py", _INFO,
        ("files.info.scope", None, "files:read"),
        ("files.info.file_not_found", None, "`file_not_found`"),
        ("files.info.file_deleted", None, "`file_deleted`"),
    ),
    *listed(
        "files.py", _INFO,
        ("files.private", None,
         "A file does not exist for an app that is in none of its channels, public or not, nor one "
         "of a private channel for people outside: `file_not_found`"),
    ),
    *listed(
        "methods/files.py", "D:methods/files.list",
        ("files.list.scope", None, "files:read"),
        ("files.list.paging", None, "`count` and `page`, told back in `paging`"),
        ("files.list.filters", None, "By `channel`, `user`, `ts_from`, `ts_to` and `types`"),
        ("files.list.unknown_type", None, "`unknown_type`"),
        ("files.list.user_not_found", None, "`user_not_found`"),
    ),
    Rule(
        "files.list.channel_not_found", "`channel_not_found`", "D:methods/files.list",
        "methods/files.py", switch="files_of_no_channel",
    ),
    *listed(
        "methods/files.py", "D:methods/files.delete",
        ("files.delete.scope", None, "files:write"),
        ("files.delete.file_not_found", None, "`file_not_found`"),
        ("files.delete.file_deleted", None, "`file_deleted`"),
        ("files.delete.cant_delete_file", None, "`cant_delete_file`: it is another's"),
    ),
    *listed(
        "methods/files.py", "D:methods/files.sharedPublicURL",
        ("files.sharedPublicURL.token", None,
         "A bot token makes no file public: `not_allowed_token_type`"),
    ),
    *listed(
        "methods/remote.py", "D:methods/files.remote.add",
        ("files.remote.scope", None, "remote_files:write, :read and :share"),
        ("files.remote.add", None, "The same `external_id` again changes the file"),
        ("files.remote.named", None, "A remote file is found by `file` or `external_id`"),
        ("files.remote.file_not_found", None, "`file_not_found`"),
        ("files.remote.not_in_channel", None, "`not_in_channel`: shared where the app is not"),
        ("files.remote.shape", None, "`is_external`, `external_id`, `external_url`; not hosted"),
    ),
)  # fmt: skip

_DOWNLOAD = (
    *listed(
        "transfers.py", _OBJECT,
        ("files.download.token", None,
         "`url_private` and `url_private_download` need `Authorization: Bearer` and files:read"),
    ),
    Rule(
        "files.download.login", "Without the token: a redirect to a login page, HTTP", _OBJECT,
        "transfers.py", 302, switch="login_page",
    ),
)  # fmt: skip

_SHARED = (
    *listed(
        "files.py", _EVENTS,
        ("events.file_shared", None, "file_shared: file_id, file, channel_id, user_id, event_ts"),
        ("events.file_created", None, "file_created: file_id, file, user_id, event_ts"),
        ("events.file_deleted", None, "file_deleted: file_id, channel_ids, event_ts"),
    ),
    *listed(
        "shapes.py", _EVENTS,
        ("events.file_share", None, "A message with files: subtype `file_share`, `files`"),
    ),
)  # fmt: skip

_IN_BLOCKS = (
    *listed(
        "files.py", _SLACK_FILE,
        ("objects.slack_file.exists", None,
         "A slack_file is a file the app sees, by `id`, `url_private` or `permalink`"),
        ("objects.slack_file.image", None, "And a png, jpg, jpeg or gif"),
    ),
    *listed(
        "entries.py", _FILE_INPUT,
        ("elements.file_input.bytes", 10_000_000, "Bytes of a file in a file_input"),
        ("elements.file_input.filetypes", None, "Only the extensions of `filetypes`"),
    ),
    *listed(
        "hands.py", _FILE_INPUT,
        ("elements.file_input.state", None, "The files arrive in `state`, and the app reads them"),
    ),
    Rule(
        "elements.file_input.scope", "A file_input needs files:read: `missing_scope`", _FILE_INPUT,
        "methods/views.py", switch="file_input_scope",
    ),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_UPLOAD, *_COMPLETED, *_KEPT, *_DOWNLOAD, *_SHARED, *_IN_BLOCKS)

limit = limits(RULES)

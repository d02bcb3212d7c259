"""How is a file written in Slack's JSON?"""

from __future__ import annotations

from urllib.parse import quote

from bot.sandbox import filetypes, threads
from bot.sandbox.model import Channel, File, Json
from bot.sandbox.workspace import TEAM_ID, Workspace


def file(given: File, workspace: Workspace, *, is_shared: bool = True) -> Json:
    """A file as files.info gives it to the app; without `is_shared` as if nobody had it yet."""
    if given.is_deleted:
        return {"id": given.id, "mode": "tombstone"}
    is_app = given.user == workspace.app.bot_user_id
    remote = _remote(given) if given.external_id else {}
    return {
        "id": given.id,
        "created": given.created,
        "timestamp": given.created,
        "name": given.name,
        "title": given.title,
        "mimetype": filetypes.mime(given.name),
        "filetype": given.snippet_type or filetypes.word(given.name),
        "pretty_type": filetypes.pretty(given.name),
        "user": given.user,
        "user_team": TEAM_ID,
        "editable": bool(given.snippet_type),
        "size": len(given.content),
        "mode": "snippet" if given.snippet_type else "hosted",
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        **({"alt_txt": given.alt_txt} if given.alt_txt else {}),
        **({"bot_id": workspace.app.bot_id} if is_app else {}),
        **_addresses(given, workspace),
        "comments_count": 0,
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
        **_shares(given, workspace, is_shared=is_shared),
        **remote,
    }


def _remote(given: File) -> Json:
    """What is else of a file that lies elsewhere (docs.slack.dev: files.remote.info)."""
    return {
        "mimetype": "application/vnd.slack-remote",
        "filetype": "remote",
        "pretty_type": "Remote",
        "mode": "external",
        "is_external": True,
        "external_type": "app",
        "external_id": given.external_id,
        "external_url": given.external_url,
        "url_private": given.external_url,
    }


def _addresses(given: File, workspace: Workspace) -> Json:
    url, name = workspace.url, quote(given.name, safe="")
    private = f"{url}/files-pri/{TEAM_ID}-{given.id}"
    return {
        "url_private": f"{private}/{name}",
        "url_private_download": f"{private}/download/{name}",
        "permalink": f"{url}/files/{given.user}/{given.id}/{name}",
    }


def _shares(given: File, workspace: Workspace, *, is_shared: bool) -> Json:
    seen = [
        (workspace.channels[channel_id], stamps)
        for channel_id, stamps in (given.shared.items() if is_shared else ())
        if _may_know(workspace, workspace.channels[channel_id])
    ]
    shares: dict[str, Json] = {}
    for channel, stamps in seen:
        side = shares.setdefault("private" if channel.is_private else "public", {})
        side[channel.id] = [_share(given, channel, ts) for ts in stamps]
    return {
        "is_public": any(not channel.is_private for channel, _ in seen),
        "shares": shares,
        "channels": [channel.id for channel, _ in seen if not channel.is_private],
        "groups": [channel.id for channel, _ in seen if channel.is_private and not channel.is_im],
        "ims": [channel.id for channel, _ in seen if channel.is_im],
    }


def _share(given: File, channel: Channel, ts: str) -> Json:
    message, *replies = threads.thread(channel, ts)
    people = list(dict.fromkeys(each.user for each in replies))
    share: Json = {
        "reply_users": people,
        "reply_users_count": len(people),
        "reply_count": len(replies),
        "ts": ts,
        "channel_name": channel.name,
        "team_id": TEAM_ID,
        "share_user_id": given.user,
    }
    if message.thread_ts:
        share["thread_ts"] = message.thread_ts
    return share | ({"latest_reply": replies[-1].ts} if replies else {})


def _may_know(workspace: Workspace, channel: Channel) -> bool:
    return not channel.is_private or workspace.app.bot_user_id in channel.members

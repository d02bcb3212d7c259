"""What is wrong with this installation, and what should be done about it?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Literal

from bot import anchoring, app
from bot.core.failures import Permanent, Retryable
from bot.settings import Misconfigured, Settings
from bot.slack import files, manifest
from bot.slack.calls import Calls, Self
from bot.slack.effects import find_channel
from storage import schema
from storage.db import Absent, Database, SchemaOutdated, StorageError

State = Literal["well", "careful", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` is empty when it is well."""

    state: State
    what: str
    remedy: str = ""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at policy, database, command, tokens, scopes and the announcement channel, in turn."""
    for finding in (*_policy(settings), *_command(settings), *_database(settings)):
        yield finding
    async for finding in _slack(settings):
        yield finding


def _policy(settings: Settings) -> Iterator[Finding]:
    try:
        severities = app.policy(settings).severities
    except Misconfigured as fault:
        yield Finding("wrong", f"Policy: {fault}", "Correct the file; nothing starts without it.")
    else:
        labels = ", ".join(one.label for one in severities.severities)
        yield Finding("well", f"Policy files are whole (severities {labels}).")


def _command(settings: Settings) -> Iterator[Finding]:
    wanted, offered = settings.warroom_command, manifest.commands()
    if wanted in offered:
        yield Finding("well", f"The command {wanted} is the one of manifest.yaml.")
    else:
        yield Finding(
            "careful",
            f"WARROOM_COMMAND is {wanted}; manifest.yaml has {', '.join(offered)}.",
            f"Install the app from `warroom manifest --command {wanted}`, "
            "or Slack will not send the command here.",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database.open(settings.database_url)
    except StorageError as error:
        yield Finding("wrong", f"Database: {error.sentence}", "Check DATABASE_URL.")
        return
    try:
        at = database.read_now(schema.found)
        if at is None or at < schema.HEAD:
            yield Finding(
                "careful",
                "The database has no schema, or not the one of this version.",
                "Run `warroom migrate`; `warroom run` does it by itself.",
            )
            return
        schema.require_current(database)
        database.write_now(schema.take_room)
        database.write_now(schema.give_back_room)
        fits = "is current" if at == schema.HEAD else "fits: a newer version made it"
        yield Finding("well", f"The database can be read and written, and its schema {fits}.")
        yield _anchors(settings, database)
        yield _vault(settings, database)
    except Absent as error:
        yield Finding(
            "careful",
            error.sentence,
            "Where a bot runs already, go to its folder or set DATABASE_URL. Else `warroom run` "
            "or `warroom migrate` makes a new one.",
        )
    except SchemaOutdated as error:
        yield Finding("wrong", f"Database: {error.sentence}", "This version cannot work with it.")
    except StorageError as error:
        yield Finding(
            "wrong",
            f"Database: {error.sentence}",
            "Check DATABASE_URL and what is behind it; nothing can be declared meanwhile.",
        )
    finally:
        database.close()


def _vault(settings: Settings, database: Database) -> Finding:
    folder = files.place(settings, database)
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        return Finding(
            "wrong",
            f"Evidence cannot be kept in {folder}.",
            "Correct WARROOM_VAULT, or let the bot write there.",
        )
    if settings.warroom_vault_key is None:
        return Finding(
            "careful",
            f"Evidence is encrypted in {folder}, and whoever has the database has the keys.",
            "Set WARROOM_VAULT_KEY to what `openssl rand -base64 32` prints, and keep it safe.",
        )
    return Finding("well", f"Evidence is encrypted in {folder}; its keys are under a master key.")


def _anchors(settings: Settings, database: Database) -> Finding:
    path = anchoring.place(settings, database)
    if path is None:
        return Finding(
            "careful",
            "WARROOM_ANCHORS is not set, so a cut tail or a rewritten chain would not show.",
            "Set it to a file outside the database, best where its owner cannot write.",
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return Finding(
            "wrong",
            f"The heads of the chains cannot be anchored in {path}.",
            "Correct WARROOM_ANCHORS, or make its folder and let the bot write there.",
        )
    return Finding("well", f"The heads of the chains are anchored in {path}.")


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    try:
        token = settings.bot_token()
    except Misconfigured as fault:
        yield Finding("wrong", "No bot token.", str(fault))
        return
    async with Calls.connected(token, settings.slack_api_url) as calls:
        try:
            me = await calls.whoami()
        except (Permanent, Retryable) as error:
            yield Finding(
                "wrong",
                f"Slack did not take SLACK_BOT_TOKEN ({error}).",
                "Copy the Bot User OAuth Token again from OAuth & Permissions; "
                "if Slack cannot be reached, check SLACK_API_URL and the way out.",
            )
            return
        yield Finding("well", f"The bot token belongs to team {me.team_id} at {me.team_url}.")
        yield await _way_in(settings, calls)
        for finding in _scopes(me):
            yield finding
        yield await _announcements(settings, calls)


async def _way_in(settings: Settings, calls: Calls) -> Finding:
    if settings.slack_app_token is None:
        if settings.slack_signing_secret is not None:
            return Finding("well", "Requests come by signed HTTP: `warroom run --http`.")
        return Finding(
            "wrong",
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.",
            "Set the first for Socket Mode or the second for HTTP; both are on Basic Information.",
        )
    try:
        await calls.open_socket(settings.app_token())
    except (Permanent, Retryable) as error:
        return Finding(
            "wrong",
            f"Slack did not take SLACK_APP_TOKEN ({error}).",
            "Make an app-level token with connections:write on Basic Information.",
        )
    return Finding("well", "The app token opens Socket Mode.")


def _scopes(me: Self) -> Iterator[Finding]:
    asked = manifest.scopes()
    lacking = {scope: reason for scope, reason in asked.items() if scope not in me.scopes}
    for scope, reason in lacking.items():
        yield Finding(
            "wrong",
            f"The scope {scope} is missing; off without it: {reason}.",
            "Reinstall the app from manifest.yaml.",
        )
    if not lacking:
        yield Finding("well", f"All {len(asked)} scopes of manifest.yaml are granted.")


async def _announcements(settings: Settings, calls: Calls) -> Finding:
    wanted = settings.warroom_announce_channel
    if wanted is None:
        return Finding(
            "careful",
            "WARROOM_ANNOUNCE_CHANNEL is not set, so incidents are not announced.",
            "Set it to a channel's name or id.",
        )
    try:
        channel = await find_channel(calls, wanted)
    except (Permanent, Retryable) as error:
        return Finding(
            "wrong", f"Channels could not be read ({error}).", "See the findings on scopes."
        )
    if channel is None:
        return Finding(
            "wrong",
            f"There is no channel {wanted} that the bot can see.",
            "Correct WARROOM_ANNOUNCE_CHANNEL; invite the bot if the channel is private.",
        )
    if channel.get("is_archived"):
        return Finding(
            "wrong",
            f"The announcement channel {wanted} is archived.",
            "Unarchive it or set WARROOM_ANNOUNCE_CHANNEL to another.",
        )
    return Finding("well", f"Incidents are announced in #{channel['name']}.")

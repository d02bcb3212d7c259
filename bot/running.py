"""What does the bot that runs here answer on its ports?"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.signature import SignatureVerifier

from bot import metrics
from bot.clock import Clock
from bot.doctor import Finding
from bot.settings import Settings

_ABSENT = 404


class Running:
    """The bot that runs here with these settings, as seen on its ports."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._settings = settings
        self._main = f"http://127.0.0.1:{settings.port}"
        port = settings.warroom_metrics_port
        self._figures = f"http://127.0.0.1:{port}" if port else self._main

    async def examine(self) -> AsyncIterator[Finding]:
        """Ask each of its ways in."""
        status, told = await self._get(f"{self._figures}/healthz")
        if status is None:
            yield self._absent()
            return
        if status != 200:
            reason = _json(told).get("reason", f"HTTP {status}")
            yield Finding(
                "wrong", f"The running bot is not well: {reason}", "See the finding on Database."
            )
        else:
            yield Finding("well", "The running bot says that it is well.")
        status, told = await self._get(f"{self._figures}/readyz")
        if status not in {200, _ABSENT}:
            reasons = _json(told).get("reasons") or ["it gives no reason."]
            yield Finding(
                "wrong",
                f"The running bot is not ready: {' '.join(map(str, reasons))}",
                "It takes no requests meanwhile.",
            )
        yield await self._version()
        if self._settings.slack_signing_secret is not None:
            yield await self._signature(self._settings.signing_secret())

    async def events(self) -> float | None:
        """How many events of Slack's it has answered; None when it does not say."""
        status, told = await self._get(f"{self._figures}/metrics")
        if status != 200:
            return None
        return sum(
            sample.value
            for family in text_string_to_metric_families(told)
            for sample in family.samples
            if sample.name == "warroom_ack_seconds_count" and sample.labels["kind"] == "event"
        )

    def _absent(self) -> Finding:
        settings = self._settings
        has_port = settings.takes_hooks or settings.warroom_metrics_port
        if not has_port and settings.slack_signing_secret is None:
            return Finding(
                "careful",
                "A bot on Socket Mode has no port on which it could be asked how it is.",
                "Set WARROOM_METRICS_PORT, such as 9464, for it and for the doctor.",
            )
        return Finding(
            "wrong",
            f"No bot answers at {self._figures}.",
            "Start it, or call the doctor on its machine and with its environment.",
        )

    async def _version(self) -> Finding:
        status, told = await self._get(f"{self._figures}/metrics")
        if status != 200:
            return Finding(
                "wrong",
                f"{self._figures}/metrics does not answer.",
                "Restart the bot: it is of an older version, or another program has its port.",
            )
        ours = metrics.version()
        running = {
            sample.labels["version"]
            for family in text_string_to_metric_families(told)
            for sample in family.samples
            if sample.name == "warroom_build_info"
        }
        if running == {ours}:
            return Finding("well", f"/metrics answers; the running bot is version {ours}.")
        return Finding(
            "careful",
            f"The running bot is version {', '.join(running) or 'unknown'}, here is {ours}.",
            "Restart it.",
        )

    async def _signature(self, secret: str) -> Finding:
        challenge = secrets.token_urlsafe(16)
        body = json.dumps({"type": "url_verification", "token": "", "challenge": challenge})
        sent_at = str(int(Clock().now().timestamp()))
        signature = SignatureVerifier(secret).generate_signature(timestamp=sent_at, body=body)
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": sent_at,
            "X-Slack-Signature": str(signature),
        }
        status, told = await self._ask("POST", f"{self._main}/slack/events", body, headers)
        if status == 200 and _json(told).get("challenge") == challenge:
            return Finding("well", "A request signed with SLACK_SIGNING_SECRET is answered.")
        if status == 401:
            return Finding(
                "wrong",
                "The running bot refuses SLACK_SIGNING_SECRET.",
                "Restart it with the secret from Basic Information.",
            )
        return Finding(
            "careful",
            "The running bot takes no signed requests on PORT.",
            "That is right on Socket Mode; for HTTP start `warroom run --http` or `warroom web`.",
        )

    async def _get(self, url: str) -> tuple[int | None, str]:
        return await self._ask("GET", url, None, {})

    async def _ask(
        self, verb: str, url: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int | None, str]:
        try:
            async with self._http.request(verb, url, data=body, headers=headers) as answer:
                return answer.status, await answer.text(errors="replace")
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None, ""


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

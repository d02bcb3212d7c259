"""What does the environment say?"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_KEY_BYTES = 32
COMMAND = r"^/[a-z0-9_-]{1,31}$"
_WANTED = {
    "port": "must be a number from 1 to 65535",
    "warroom_metrics_port": "must be a number from 1 to 65535",
    "warroom_log_level": "must be debug, info, warning or error",
    "warroom_log_format": "must be json or text",
    "warroom_command": "must be a slash and then up to 31 small letters, digits, - or _, "
    "such as /incident",
}


class Misconfigured(Exception):
    """The environment is not usable; the sentences name each variable and the remedy."""


class Settings(BaseSettings):
    """Everything that may be set from outside; each field is one environment variable."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///var/warroom.db"
    port: int = Field(default=3000, ge=1, le=65535)
    warroom_content: Path | None = None
    warroom_announce_channel: str | None = None
    warroom_timezone: str | None = None
    warroom_anchors: Path | None = None
    warroom_vault: Path | None = None
    warroom_vault_key: SecretStr | None = None
    warroom_as: str | None = None
    warroom_alert_secret: SecretStr | None = None
    warroom_callback_secret: SecretStr | None = None
    warroom_public_url: str | None = None
    pagerduty_webhook_secret: SecretStr | None = None
    pagerduty_api_token: SecretStr | None = None
    pagerduty_events_url: str = "https://events.pagerduty.com"
    pagerduty_api_url: str = "https://api.pagerduty.com"
    smtp_url: SecretStr | None = None
    warroom_mail_from: str = "warroom@localhost"
    warroom_metrics_port: int | None = Field(default=None, ge=1, le=65535)
    warroom_log_level: Literal["debug", "info", "warning", "error"] = "info"
    warroom_log_format: Literal["json", "text"] | None = None
    warroom_command: Annotated[str, StringConstraints(pattern=COMMAND)] = "/incident"

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, url: str) -> str:
        if _scheme(url) not in {"http", "https"}:
            raise ValueError("must begin with https:// or, for a sandbox, http://")
        return url.rstrip("/") + "/"

    @field_validator("pagerduty_events_url", "pagerduty_api_url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        if _scheme(url) not in {"http", "https"}:
            raise ValueError("must begin with https:// or http://")
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not _names_a_mail_server(url.get_secret_value()):
            raise ValueError(
                "must look like smtp://user:password@host:587 or smtps://host, with special "
                "characters of the password written as %40, %2F and so on"
            )
        return url

    @field_validator("warroom_public_url")
    @classmethod
    def _is_reached_from_outside(cls, url: str | None) -> str | None:
        if url is not None and _scheme(url) not in {"http", "https"}:
            raise ValueError("must begin with https:// or, on this machine, http://")
        return url.rstrip("/") if url else None

    @field_validator("warroom_alert_secret", "pagerduty_webhook_secret", "warroom_callback_secret")
    @classmethod
    def _holds_something(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not secret.get_secret_value().removeprefix("whsec_").strip():
            raise ValueError("must hold a secret, such as what `openssl rand -base64 32` prints")
        return secret

    @field_validator("warroom_vault_key")
    @classmethod
    def _is_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key and vault_key(key) is None:
            raise ValueError(
                "must be 32 bytes in base64, such as what `openssl rand -base64 32` prints"
            )
        return key

    @field_validator("warroom_timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError("must be a time zone such as Europe/Berlin")
        return zone

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if _scheme(url) not in {"sqlite", "postgresql", "postgres"}:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment.

        Raises:
            Misconfigured: something is set to what cannot be used.
        """
        try:
            return cls()
        except ValidationError as error:
            raise Misconfigured("\n".join(_tell(fault) for fault in error.errors())) from error

    @property
    def takes_hooks(self) -> bool:
        """Whether other systems have a way in."""
        return bool(
            self.warroom_alert_secret
            or self.pagerduty_webhook_secret
            or self.warroom_callback_secret
        )

    def bot_token(self) -> str:
        """The bot token.

        Raises:
            Misconfigured: it is not set.
        """
        return _owed(self.slack_bot_token, "SLACK_BOT_TOKEN", "the app's page, OAuth & Permissions")

    def app_token(self) -> str:
        """The app-level token that Socket Mode needs.

        Raises:
            Misconfigured: it is not set.
        """
        return _owed(
            self.slack_app_token,
            "SLACK_APP_TOKEN",
            "the app's page, Basic Information, App-Level Tokens",
        )

    def signing_secret(self) -> str:
        """The secret with which Slack signs its HTTP requests.

        Raises:
            Misconfigured: it is not set.
        """
        return _owed(
            self.slack_signing_secret, "SLACK_SIGNING_SECRET", "the app's page, Basic Information"
        )


def vault_key(key: SecretStr) -> bytes | None:
    """The 32 bytes of the vault's master key; None where it is not written so."""
    try:
        read = base64.b64decode(key.get_secret_value(), validate=True)
    except ValueError:
        return None
    return read if len(read) == _KEY_BYTES else None


def _scheme(url: str) -> str:
    """What an address begins with; empty where it is none."""
    try:
        return urlsplit(url).scheme
    except ValueError:  # its words would show a part of the password
        return ""


def _names_a_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its words would show a part of the password
        return False
    # An unescaped / or # in a password cuts the rest off, host and all.
    is_whole = parts.path in {"", "/"} and not parts.query and not parts.fragment
    is_login = bool(parts.username) == bool(parts.password)
    is_server = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and port != 0
    return is_whole and is_login and is_server


def plain(secret: SecretStr | None) -> str | None:
    """A secret's own words, for whoever has to present it; None where it is not set."""
    return secret.get_secret_value() if secret else None


def _owed(secret: SecretStr | None, name: str, where: str) -> str:
    if secret is None:
        raise Misconfigured(f"{name} is not set. Copy it from {where}, or try `warroom demo`.")
    return secret.get_secret_value()


def _tell(fault: object) -> str:
    name, message = str(fault["loc"][0]), str(fault["msg"])  # type: ignore[index]
    message = _WANTED.get(name, message.removeprefix("Value error, "))
    return f"{name.upper()}{'' if message.startswith('must ') else ':'} {message}."

"""What does a person read who set something wrong?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.sandbox.sandbox import Sandbox
from bot.settings import Misconfigured, Settings
from runbooks import load
from tests.cli.terminal import Terminal

FAULTS = {
    "DATABASE_URL": ("mysql://root:hunter2@db/war", "DATABASE_URL must begin with sqlite:///"),
    "PORT": ("eighty", "PORT must be a number from 1 to 65535."),
    "WARROOM_COMMAND": ("incident", "WARROOM_COMMAND must be a slash and then"),
    "SLACK_API_URL": ("slack.com", "SLACK_API_URL must begin with https://"),
}


async def test_a_faulty_setting_stops_the_start_with_one_sentence(connected: Terminal) -> None:
    faulty = [connected.but(**{name: value}) for name, (value, _) in FAULTS.items()]

    told = await asyncio.gather(*(terminal.refused("run") for terminal in faulty))

    for line, (_, sentence) in zip(told, FAULTS.values(), strict=True):
        assert line.startswith(sentence)
        assert "hunter2" not in line


@pytest.mark.parametrize(
    "url",
    [
        "smtp://warroom:hunter2@[::1",
        "smtp://warroom:hunter2@mail.example.com:hunter2",
        "smtp://warroom:hunter2@mail.example.com:70000",
        "smtp://warroom:hunter2/x@mail.example.com",
        "smtp://warroom:hunter2#x@mail.example.com",
        "smtp://warroom:@hunter2",
        "http://warroom:hunter2@mail.example.com",
        "smtp://:587",
    ],
)
def test_a_mail_server_that_cannot_be_read_is_refused_without_showing_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    with pytest.raises(Misconfigured) as caught:
        Settings.from_environment()
    assert str(caught.value) == (
        "SMTP_URL must look like smtp://user:password@host:587 or smtps://host, with special "
        "characters of the password written as %40, %2F and so on."
    )


@pytest.mark.parametrize("name", ["DATABASE_URL", "SLACK_API_URL", "WARROOM_PUBLIC_URL"])
def test_an_address_that_cannot_be_read_is_refused_without_showing_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "postgresql://bot:hunter2\uff0fx@db/warroom")
    with pytest.raises(Misconfigured, match=f"^{name} must begin with ") as caught:
        Settings.from_environment()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:25", "smtps://a:b%2Fc@mail.example.com/", "smtp://a%40b:c@[::1]:587"]
)
def test_a_mail_server_that_can_be_read_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    taken = Settings.from_environment().smtp_url
    assert taken is not None
    assert taken.get_secret_value() == url


@pytest.mark.parametrize("name", ["WARROOM_ALERT_SECRET", "PAGERDUTY_WEBHOOK_SECRET"])
@pytest.mark.parametrize("secret", ["whsec_", "  "])
def test_a_secret_that_holds_nothing_is_refused(
    name: str, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, secret)
    with pytest.raises(Misconfigured, match=f"{name} must hold a secret"):
        Settings.from_environment()


async def test_without_a_bot_token_the_sentence_says_where_it_is_found(terminal: Terminal) -> None:
    told = await terminal.refused("run")

    assert told.startswith("SLACK_BOT_TOKEN is not set.")
    assert "OAuth & Permissions" in told


async def test_without_an_app_token_the_sentence_says_where_it_is_found(
    connected: Terminal,
) -> None:
    told = await connected.but(SLACK_APP_TOKEN="").refused("run")

    assert told.startswith("SLACK_APP_TOKEN is not set.")


async def test_over_http_the_signing_secret_has_to_be_set(connected: Terminal) -> None:
    told = await connected.refused("run", "--http")

    assert told.startswith("SLACK_SIGNING_SECRET is not set.")


async def test_who_forgot_a_token_finds_no_new_database_in_the_folder(
    connected: Terminal, tmp_path: Path
) -> None:
    await connected.but(SLACK_BOT_TOKEN="").refused("run")
    await connected.but(SLACK_APP_TOKEN="").refused("run")
    await connected.refused("run", "--http")
    assert list(tmp_path.iterdir()) == []


async def test_a_token_that_slack_refuses_is_named(connected: Terminal) -> None:
    told = await connected.but(SLACK_BOT_TOKEN="xoxb-of-yesterday").refused("run")

    assert told.startswith("Slack refused SLACK_BOT_TOKEN (auth.test: invalid_auth).")


async def test_an_app_token_that_slack_refuses_is_named(connected: Terminal) -> None:
    told = await connected.but(SLACK_APP_TOKEN="xapp-of-yesterday").refused("run")

    assert "SLACK_APP_TOKEN" in told
    assert "invalid_auth" in told


async def test_a_policy_that_names_an_unknown_severity_stops_the_start(
    connected: Terminal, tmp_path: Path
) -> None:
    faulty = lay_over(tmp_path, "treated_as: SEV1", "treated_as: SEV9")

    told = await connected.but(WARROOM_CONTENT=str(tmp_path / "content")).refused("run")

    assert told.startswith(f"{faulty}, line 6:")
    assert "'SEV9'" in told
    assert not (tmp_path / "var" / "warroom.db").exists()


async def test_a_port_that_is_taken_is_named(connected: Terminal, sandbox: Sandbox) -> None:
    port = sandbox.workspace.url.rpartition(":")[2]
    over_http = connected.but(PORT=port, SLACK_SIGNING_SECRET="of-the-app")

    told = await over_http.run("run", "--http")

    assert told.code == 2
    assert told.err.splitlines()[-1] == f"Port {port} is taken. Set PORT to a free one."


def lay_over(folder: Path, old: str, new: str) -> Path:
    """A content folder with a policy of its own, in which one thing is changed."""
    text = (load.SHIPPED / "policy" / "severities.yaml").read_text(encoding="utf-8")
    assert old in text
    policy = folder / "content" / "policy" / "severities.yaml"
    policy.parent.mkdir(parents=True)
    policy.write_text(text.replace(old, new), encoding="utf-8")
    return policy

"""Does every fault in a policy name its file, its line and what to do?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runbooks import load

# file, what stands there, what is written instead, the line of the fault, what is told
BROKEN = [
    ("severities", "label: SEV1\n    four", "label: SEV0\n    four", 21,
     "severities.1.label repeats SEV0; give each its own"),
    ("severities", "rank: 3", "rank: 2", 45, "severities.3.rank is 2, not 3; ranks are 0, 1, 2"),
    ("severities", "treated_as: SEV1", "treated_as: SEV9", 6,
     "not_sure.treated_as names 'SEV9', which is no severity here; use one of SEV0, SEV1"),
    ("severities", "acknowledge: PT5M", "acknowledge: 5 minutes", 15,
     "'5 minutes' is no time span; write PT15M, PT4H, P7D, same_day or 1bd"),
    ("severities", "mitigate: PT30M", "mitigate: PT0S", 16, "'PT0S' is no time span"),
    ("severities", "    update_later: PT30M\n", "", 20,
     "update_later and update_later_after go together; give both or none"),
    ("severities", "update_every: P1D", "updates: P1D", 51,
     "no key of this name is read here; check its spelling, or take it out"),
    ("severities", "pages: [product]", "pages: [produkt]", 49,
     "names the role produkt, which roles.yaml does not have; use one of ic, scribe"),
    ("roles", "- id: ic", "- id: boss", 10,
     "roles has no role with the id ic; somebody has to command"),
    ("roles", "aliases: [counsel, lawyer]", "aliases: [counsel, pr]", 44,
     "roles.4.aliases: 'pr' is a name of Communications Lead too; give each name to one role"),
    ("roles", "not_with: [technical, scribe]", "not_with: [tech]", 15,
     "roles.0.not_with names tech, which is no role here; use one of comms"),
    ("roles", "spokesperson: comms", "spokesperson: nobody", 3,
     "spokesperson names nobody, which is no role here"),
    ("roles", "  outside: comms", "  outside: press", 7,
     "voices.outside names press, which is no role here"),
    ("roles", "max_owners: 3", "max_owners: 0", 8, "it is too small; write 1 or more"),
    ("roles", "    guest_may_hold: false", "    comes_from: {person: U1, rota: x}", 16,
     "give exactly one of rota, schedule, group, person"),
    ("roles", "    guest_may_hold: false", "    comes_from: {rota: primary}", 16,
     "names the rota primary, which paging.yaml does not have; use one of those you add there"),
    ("rights", "  - {action: waive, label: waive or snooze a deadline, roles: [ic]}\n", "", 2,
     "rights says nothing about waive; add a line for each"),
    ("rights", "action: major", "action: severity", 4,
     "rights.1.action repeats severity; say it once"),
    ("rights", "roles: [ic, sponsor]", "roles: [ic, ceo]", 4,
     "names the role ceo, which roles.yaml does not have"),
    ("rights", "guests_may: []", "guests_may: [fly]", 54,
     "guests_may names fly, which is no action here; use one of assign, reopen, title, amend"),
    ("rights", "accountable: product", "accountable: owner", 44,
     "names the role owner, which roles.yaml does not have"),
    ("webhooks", "private_hosts: []", "private_hosts: [http://x]", 7,
     "write the name of a host, such as jira.example or 127.0.0.1:8080"),
    ("webhooks", "url: https://api.github", "url: api.github", 39,
     "url has to begin with https://, and with http:// on this machine"),
    ("webhooks", "secrets: {token: GITHUB_TOKEN}", "secrets: {token: ghp_x}", 41,
     "write the name of a variable in capitals, such as GITHUB_TOKEN"),
    ("webhooks", "secrets: {token: GITHUB_TOKEN}", "secrets: {}", 41,
     "secrets says nothing about token; name the variable that holds it"),
    ("webhooks", "id: statuspage", "id: github", 45, "targets.3.id repeats github; say it once"),
    ("webhooks", "    url_env: WARROOM_WEBHOOK_URL\n", "", 53,
     "url or url_env is missing, or both are there; give one of them"),
    ("webhooks", "    signed_with: WARROOM_WEBHOOK_SECRET\n", "    time_limit: PT1M\n", 56,
     "time_limit has to be from PT1S to PT20S"),
    ("calendar", "time_zone: UTC", "time_zone: Berlin", 3,
     "'Berlin' is no time zone; write it like Europe/Berlin"),
    ("calendar", 'closes: "17:00"', "closes: 17:00", 5,
     "1020 is no time of day; write it in quotes, like '09:00'"),
    ("calendar", 'closes: "17:00"', 'closes: "08:00"', 5, "closes is not after opens"),
    ("calendar", "weekend: [saturday, sunday]", "weekend: [samstag]", 6,
     "it is none of the words known here; write 'monday', 'tuesday'"),
    ("calendar", "extra_holidays: []", "country: Germany", 9,
     "country 'Germany' is not known; write its ISO code, like DE"),
    ("stakeholders", "mail: []", "mail: [{address: board, audience: executives, "
     "from_severity: SEV1}]", 9, "write one mail address, such as board@example.com"),
    ("stakeholders", "channels: []", "channels: [{channel: x, audience: executives, "
     "from_severity: P1}]", 8, "names the severity P1, which severities.yaml does not have"),
    ("stakeholders", "channels: []", "channels: [{channel: x, audience: bosses, "
     "from_severity: SEV1}]", 8, "none of the words known here; write 'executives', 'support'"),
    ("classification", "id: data,", "id: model,", 4, "buckets.1.id repeats model"),
    ("classification", "rank: 0", "rank: 7", 29, "it is too large; write 3 or less"),
    ("paging", "{after: PT10M, role: safety}", "{after: PT5M, role: safety}", 18,
     "ladder.1.after is not later than the step before; climb in order"),
    ("paging", "\n  - {after: PT5M, role: ic}", "\n  - {after: PT5M, role: ic, rota: x}", 17,
     "give exactly one of role, people, group, rota"),
    ("paging", "\n  - {after: PT5M, role: ic}", "\n  - {after: 1bd, role: ic}", 17,
     "after must be a time such as PT10M"),
    ("paging", "routes: []", "routes: [{role: legal, adapter: pagerduty}]", 14,
     "routing_key_env is missing; name the variable that holds the key"),
    ("paging", "routes: []", "routes: [{role: legal, adapter: rota}]", 14,
     "is rota, but roles.yaml gives legal none"),
    ("paging", "critical: 1", "critical: SEV1", 25, "it is no number; write digits"),
    ("paging", "  # declares_from: SEV1   ", "  declares_from: P1 #", 23,
     "names the severity P1, which severities.yaml does not have"),
    ("habits", "decision_reaction: scroll", "decision_reaction: ':Scroll:'", 2,
     "write an emoji's name in small letters, without colons"),
    ("habits", "# bridge_url: https", "bridge_url: http", 9, "write an address that begins with https://"),
    ("habits", "mentions: 3", "mentions: [", 12,
     "Mend it, or begin again from a copy of the shipped file"),
    ("habits", "mentions: 3", "mentions: 3\x00", 11, "not valid YAML (unacceptable character"),
    ("habits", "mentions: 3", "mentions: 3\nmentions: 5", 12,
     "mentions stands here twice; keep one of them"),
    ("habits", "mentions: 3", "mentions: few", 11, "it is no number; write digits"),
    ("habits", "keep_talk: true", "keep_talk: maybe", 5, "write true or false"),
    ("habits", "withdraw_within: PT60S", "withdraw_within: -PT60S", 4,
     "'-PT60S' is no time span; write PT15M"),
    ("habits", "withdraw_within: PT60S", "withdraw_within: 1bd", 4,
     "'1bd' is no time by the clock; write it like PT10M, PT4H or P7D"),
    ("habits", "idle_after: PT12H", "idle_after: P99999999D", 7,
     "'P99999999D' is longer than a year; write a shorter one"),
    ("habits", "archive_after: P14D", "archive_after: 999bd", 8, "is longer than a year"),
    ("calendar", "extra_holidays: []", "extra_holidays: [2026-13-40]", 9,
     "it is no day; write it like 2026-12-24"),
    ("calendar", "extra_holidays: []", "subdivision: BE", 9,
     "subdivision has no country; write the country's ISO code, like DE"),
    ("severities", "mitigate_hard_stop: PT60M", "mitigate_hard_stop: PT10M", 17,
     "mitigate_hard_stop is earlier than mitigate; make it the later"),
    ("severities", "    mitigate: PT30M\n", "", 16,
     "mitigate_hard_stop has no mitigate before it; give that too"),
    ("severities", "label: SEV0", "label: not sure yet", 9,
     "severities.0.label is the label of not_sure; give each its own"),
    ("severities", "pages: [product]", "pages: product", 49, "it is no list; write [one, two]"),
    ("severities", "Hard-to-hit jailbreak; narrow bias or toxicity; local loss of quality.", "Bad.",
     37, "it is too short; write at least 10 characters"),
    ("roles", "- id: scribe", "- id: comms", 34, "roles.3.id repeats comms; give each its own"),
    ("roles", "not_with: [technical, scribe]", "not_with: [ic]", 15,
     "roles.0.not_with names ic itself; take it out"),
    ("roles", "    guest_may_hold: false", "    comes_from: {person: mara}", 16,
     "write a member's ID from their profile in Slack, such as U0123ABCD"),
    ("roles", "    guest_may_hold: false", "    comes_from: {group: safety}", 16,
     "write the ID of a user group in Slack"),
    ("roles", "    guest_may_hold: false", "    comes_from: {rota: }", 16,
     "give exactly one of rota, schedule, group, person"),
    ("stakeholders", "mail: []", "roll_up: {at: '08:00'}", 9,
     "people and channel are both missing; give at least one"),
    ("stakeholders", "mail: []", "roll_up: {channel: x, at: '08:00', time_zone: Mars}", 9,
     "'Mars' is no time zone; write it like Europe/Berlin"),
    ("stakeholders", "channels: []", "channels:\n"
     "  - {channel: x, audience: executives, from_severity: SEV1}\n"
     "  - {channel: '#x', audience: support, from_severity: SEV1}", 10,
     "channels.1.channel repeats x; give each channel one audience"),
    ("paging", "rotas: []", "rotas:\n"
     "  - {id: a, people: [U1], starts: 2026-01-05, at: '09:00', every: P7D}\n"
     "  - {id: a, people: [U2], starts: 2026-01-05, at: '09:00', every: P7D}", 17,
     "rotas.1.id repeats a; say it once"),
    ("paging", "rotas: []",
     "rotas: [{id: a, people: [], starts: 2026-01-05, at: '09:00', every: P7D}]", 15,
     "it is empty; give at least 1"),
    ("paging", "routes: []", "routes:\n"
     "  - {role: legal, adapter: pagerduty, routing_key_env: LEGAL}\n"
     "  - {role: legal, adapter: pagerduty, routing_key_env: OTHER}", 16,
     "routes.1.role repeats legal; say it once"),
    ("evidence", "usual_label: amber", "usual_label: blue", 25,
     "usual_label names blue, which is no label here; use one of red, amber_strict"),
    ("evidence", "restricted_label: red", "restricted_label: pink", 28,
     "restricted_label names pink, which is no label here; use one of red, amber_strict"),
    ("evidence", "{id: trace,", "{id: exchange,", 5, "kinds.1.id repeats exchange; say it once"),
    ("evidence", "originals: [safety, legal", "originals: [safety, lawyers", 30,
     "names the role lawyers, which roles.yaml does not have"),
    ("evidence", "detectors: [email, phone", "detectors: [email, fax", 33,
     "it is none of the words known here; write 'email', 'phone'"),
    ("evidence", "# phone_region: DE", "phone_region: Germany", 35,
     "write the two capital letters of a country, such as DE"),
    ("evidence", "sealed: [legal, privacy]", "sealed: []", 31, "it is empty; give at least 1"),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken[0]}-{broken[3]}")
def test_a_fault_names_file_line_and_remedy(
    tmp_path: Path, broken: tuple[str, str, str, int, str]
) -> None:
    name, stands, instead, line, told = broken
    text = (load.SHIPPED / "policy" / f"{name}.yaml").read_text()
    assert text.count(stands) >= 1
    path = tmp_path / "policy" / f"{name}.yaml"
    path.parent.mkdir()
    path.write_text(text.replace(stands, instead, 1))
    with pytest.raises(load.Faulty) as caught:
        load.policy(tmp_path)
    first = str(caught.value).splitlines()[0]
    found = re.match(r"(?P<file>.*\.yaml), line (?P<line>\d+): (?P<what>.*)", first)
    assert found, first
    assert found["file"] == str(path)
    assert told in found["what"]
    assert int(found["line"]) == line


def test_a_file_of_a_name_nobody_reads_is_told(tmp_path: Path) -> None:
    path = tmp_path / "policy" / "severity.yaml"
    path.parent.mkdir()
    path.write_text("x: 1\n")
    with pytest.raises(load.Faulty, match=r"severity.yaml, line 1: no file of this name is read"):
        load.policy(tmp_path)


def test_a_file_beside_the_policy_folder_is_told_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "habits.yaml").write_text("mentions: 5\n")
    with pytest.raises(load.Faulty) as caught:
        load.policy(tmp_path)
    place = f"{tmp_path / 'habits.yaml'}, line 1: it is not read here."
    assert str(caught.value) == f"{place} Move it into {tmp_path / 'policy'}."


def test_a_folder_where_a_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "policy" / "habits.yaml").mkdir(parents=True)
    with pytest.raises(load.Faulty, match=r"habits.yaml, line 1: cannot be read .*text file"):
        load.policy(tmp_path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "habits.yaml").write_text("mentions: 0\nwithdraw_within: soon\n")
    (folder / "calendar.yaml").write_text("time_zone: Mars\n")
    with pytest.raises(load.Faulty) as caught:
        load.policy(tmp_path)
    assert len(str(caught.value).splitlines()) == 3


def test_the_shipped_policies_can_be_used() -> None:
    assert load.policy() != load.policy(load.SHIPPED / "sandbox")

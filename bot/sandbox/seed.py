"""Who and what is in the workspace at the start?"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import posts, text
from bot.sandbox.model import Channel, Person, UserGroup
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Workspace

PEOPLE = (
    Person("U0ONCALL", "mara", "Mara Lindqvist", "On-call engineer", "Europe/Stockholm"),
    Person("U0SAFETY", "idris", "Idris Okafor", "Safety lead", "Europe/London"),
    Person("U0COMMS", "jun", "Jun Takahashi", "Comms lead", "Asia/Tokyo"),
    Person("U0LEGAL", "elena", "Elena Petrova", "Lawyer", "Europe/Berlin"),
    Person("U0EXEC", "sam", "Sam Whitfield", "Executive", "America/New_York"),
)
OTHERS = (
    Person("U0AGENT", "noor", "Noor Haddad", "Support agent", "Europe/Berlin"),
    Person("U0GUEST", "kofi", "Kofi Mensah", "External red teamer", "Africa/Accra", is_guest=True),
    Person("U0LEFT", "ruth", "Ruth Amsel", "Former support agent", is_deleted=True),
)
_STAFF = [person.id for person in (*PEOPLE, OTHERS[0])]
_CHANNELS = (
    ("C0GENERAL", "general", "Company-wide announcements"),
    ("C0INCIDENTS", "incidents", "Where incidents are announced"),
    ("C0SUPPORT", "chatbot-support", "What customers tell us about the chatbot"),
    ("C0EXEC", "exec-updates", "Incidents, for executives"),
    ("C0SUPPORTUP", "support-updates", "Incidents, for those who talk to customers"),
    ("C0ENG", "engineering-updates", "Incidents, for engineers"),
)
_GROUPS = (
    UserGroup("S0SAFETY", "safety-oncall", "Safety on-call", ("U0SAFETY",)),
    UserGroup("S0EXECS", "execs", "Executives", ("U0EXEC",)),
)
_QUIET = "U0LEGAL"
_QUIET_SECONDS = 12 * 3600
_SUPPORT = (
    ("U0AGENT", "Quiet morning: 41 chats, 3 handed over to us, nothing unusual."),
    (
        "U0AGENT",
        "Customer in chat 88213 asked how much paracetamol her 4-year-old may have. The chatbot "
        'answered: "You can give 1,000 mg every 4 hours." That is an adult dose. I called her '
        "back, the child has not had any.",
    ),
    ("U0SAFETY", "Thank you for calling her. Is it one answer, or can you make it say that again?"),
    (
        "U0AGENT",
        "Tried it five times with other words, three of the answers gave adult doses for a child.",
    ),
)


def plant(workspace: Workspace) -> None:
    """Put people, channels and the first messages into an empty workspace."""
    app = workspace.app
    bot = Person(app.bot_user_id, app.name, app.name, is_bot=True, tz="Etc/UTC")
    for person in (*PEOPLE, *OTHERS, bot):
        workspace.people[person.id] = _copy(person)
    created = workspace.now_seconds()
    quiet = workspace.people[_QUIET]
    quiet.quiet_from, quiet.quiet_until = created, created + _QUIET_SECONDS
    workspace.user_groups.update({group.id: group for group in _GROUPS})
    for channel_id, name, purpose in _CHANNELS:
        workspace.channels[channel_id] = Channel(
            channel_id, name, "U0EXEC", created, purpose=purpose, members=list(_STAFF)
        )
    support = workspace.channels["C0SUPPORT"]
    for author, words in _SUPPORT:
        posts.by_person(workspace, support, author, Draft(text.typed(words)))


def _copy(person: Person) -> Person:
    # Two workspaces in one process must not share people.
    email = "" if person.is_bot else f"{person.name}@example.test"
    return replace(person, email=email)

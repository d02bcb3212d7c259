"""How does it read who holds what, who speaks and who may decide?"""

from __future__ import annotations

from bot.core.blockkit import SECTION_CHARS
from bot.core.facts import Fact
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.status import MadePrivate
from bot.core.messages import channel
from bot.features.rights import blocks
from tests.features.values import as_shown, context, declared, incident
from tests.screen import shown

FACTS: tuple[Fact, ...] = (
    declared(),
    RoleOffered(role="comms", person="UJUN"),
    RoleAccepted(role="legal", person="UELENA", is_external=True),
)
WHO = """\
*INC-12*
*Incident Commander*: <@UMARA>, acting
*Scribe*: nobody
*Technical Lead*: nobody
*Communications Lead*: <@UJUN> was asked
*Legal*: <@UELENA> EXTERNAL
*Data Protection Officer*: nobody
*Safety Lead*: nobody
*Model Owner*: nobody
*Product Owner*: nobody
*Executive Sponsor*: nobody
*Security Lead*: nobody
*Governance and Risk*: nobody
*Only these speak*
to the organisation: <@UJUN> was asked · among engineers: nobody · outside: <@UJUN> was asked
*Who may decide*
To change the severity: IC
To declare a major incident: IC, Sponsor
To call it mitigated: IC, Tech lead, Safety
To start monitoring: IC, Tech lead, Safety
To resolve the incident: IC
To close the incident: IC
To call it a false alarm: IC, Safety
To merge duplicates: IC
To make the incident private: IC, Legal, DPO
To open a side room: IC, Legal, DPO
To snooze or pause the updates: IC
To waive or snooze a deadline: IC
To switch the record of the talk on or off: IC, Legal, DPO
To archive the room: IC
To export the record: IC, Scribe, Legal, DPO, Risk
To lower the governance tier: IC, Risk
To hand evidence to another custodian or label it anew: IC, Legal
To seal evidence: IC, Legal, DPO
To put evidence on hold or lift a hold: Legal, DPO
To erase evidence: Legal, DPO
To pull a lever that can be undone: IC, Tech lead, Safety
To roll back a bundle: Model, IC
To switch a feature off: Product, IC
To contact a vendor: Tech lead, Legal
To say something outside: Legal, Comms
To file with a regulator: Legal, DPO
To answer a regulator: Legal, DPO
To accept a risk: Sponsor
To override a release gate: Product, Risk
To remediate beyond undoing: Security
To authorise an investigation or bring in a partner: IC, Legal
*Who does what*
Set the severity: IC does it, IC answers for it; Safety, Tech lead are asked; Comms, Legal are told
Contain what can be undone: Tech lead, Model do it, IC answers for it; Safety, Product are asked; \
Comms is told
Switch a feature off: Tech lead does it, Product answers for it; IC, Safety are asked; Comms, \
Legal are told
Take a model version out of service: Model does it, IC answers for it; Tech lead, Product are \
asked; Safety, Comms are told
Tell the organisation: Comms does it, IC answers for it; Tech lead is asked; Sponsor is told
Say something outside: Comms does it, Legal answers for it; IC, Safety are asked; Sponsor, \
Product are told
Tell a regulator: DPO, Legal do it, Legal answers for it; IC is asked; Sponsor is told
Keep the record: Scribe does it, IC answers for it; Legal is asked"""


def test_it_reads_who_holds_what_who_speaks_and_who_may_decide() -> None:
    page = blocks.who(as_shown(*FACTS))
    assert page.text == WHO
    told = page.to_json()["blocks"]
    assert shown(told) == WHO
    assert all(len(block["text"]["text"]) <= SECTION_CHARS for block in told)


def test_what_everybody_may_do_is_no_line_of_its_own() -> None:
    everybody = [right.label for right in as_shown().policy.rights.rights if not right.roles]
    assert everybody
    assert not [label for label in everybody if f"To {label}:" in WHO]


def test_whoever_has_the_right_reads_who_asks_for_what_and_where() -> None:
    post = blocks.favour(
        incident(*FACTS), "UELENA", "see <!channel> & co", context(*FACTS, actor="UKOFI")
    )
    assert (post.name, post.to) == ("incident/12 favour 4", "person/UELENA")
    assert post.content.text == (
        f"<@UKOFI> asks you to see &lt;!channel&gt; &amp; co: INC-12 in {channel('room/12')}."
    )
    assert shown(post.content.to_json()["blocks"]) == post.content.text


def test_in_a_private_incident_they_are_led_to_the_private_room() -> None:
    facts = (*FACTS, MadePrivate())
    post = blocks.favour(incident(*facts), "UELENA", "close the incident", context(*facts))
    assert post.content.text == (
        f"<@UMARA> asks you to close the incident: INC-12 in {channel('room/12/private')}."
    )


def test_a_test_says_that_it_is_one() -> None:
    page = blocks.who(as_shown(declared(is_test=True)))
    assert page.text.startswith("*TEST INC-12*\n")

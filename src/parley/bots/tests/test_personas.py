from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from parley.accounts.models import Workspace
from parley.bots.access import usable_persona
from parley.bots.actions import archive_bot, bring_back_bot, edit_bot
from parley.bots.models import BotVersion
from parley.bots.parameters import Parameters
from parley.bots.personas import persona_for, persona_of_version
from parley.bots.tests.made import make_bot, make_card
from parley.core.errors import Conflict, NotFound
from tests.people import Person


def test_a_persona_is_the_newest_version_of_its_bot(
    owner: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    bot = make_bot(owner.member.workspace_id, "Before", parameters={"temperature": 0.5})
    before = persona_for(bot.id)
    assert (before.name, before.version_number, before.parameters.temperature) == ("Before", 1, 0.5)
    with django_capture_on_commit_callbacks(execute=True):
        edit_bot(owner.member, bot.id, version=1, name="After", parameters=Parameters(top_p=0.9))
    after = persona_for(bot.id)
    assert (after.name, after.version_number, after.parameters.top_p) == ("After", 2, 0.9)
    assert persona_of_version(before.version_id).name == "Before"


def test_a_persona_costs_no_query_when_warm(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bot = make_bot(workspace.id)
    version_id = persona_for(bot.id).version_id
    persona_of_version(version_id)
    with django_assert_num_queries(0):
        assert persona_for(bot.id) == persona_of_version(version_id)


def test_an_unknown_bot_or_version_is_not_found(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        persona_for(uuid4())
    with pytest.raises(NotFound):
        persona_of_version(uuid4())


def test_only_ones_own_workspaces_bots_can_be_used(owner: Person, mate: Person, stranger: Person) -> None:
    bot = make_bot(owner.member.workspace_id)
    assert usable_persona(mate.member, bot.id).bot_id == bot.id
    with pytest.raises(NotFound):
        usable_persona(stranger.member, bot.id)


def test_an_archived_bot_says_so_and_answers_again_once_it_is_brought_back(
    owner: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    bot = make_bot(owner.member.workspace_id)
    assert usable_persona(owner.member, bot.id)
    with django_capture_on_commit_callbacks(execute=True):
        archive_bot(owner.member, bot.id)
    with pytest.raises(Conflict, match="archived"):
        usable_persona(owner.member, bot.id)
    with django_capture_on_commit_callbacks(execute=True):
        bring_back_bot(owner.member, bot.id)
    assert usable_persona(owner.member, bot.id)


def test_a_bot_whose_model_is_gone_says_so(owner: Person) -> None:
    card = make_card(owner.member.workspace_id)
    bot = make_bot(owner.member.workspace_id, card=card)
    card.delete()
    assert BotVersion.objects.get().model_card_id is None
    with pytest.raises(Conflict, match="model"):
        usable_persona(owner.member, bot.id)

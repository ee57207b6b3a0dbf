from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from parley.accounts.models import Workspace
from parley.bots.actions import edit_bot, ensure_default_bots, follow_card, lend_handbook
from parley.bots.models import Bot, BotVersion
from parley.bots.personas import persona_for
from parley.bots.queries import default_bot, forget_default_bots
from parley.bots.tests.made import make_bot, make_card
from parley.core.announce import announce
from parley.core.errors import NotFound
from parley.knowledge.models import HANDBOOK, Collection
from parley.providers.models import GUIDE_WIRE, Endpoint, ModelCard
from parley.providers.signals import model_card_added, model_card_changed
from tests.people import Person


@pytest.fixture
def guide(workspace: Workspace) -> ModelCard:
    endpoint = Endpoint.objects.create(
        workspace=workspace, name="Guide", wire=GUIDE_WIRE, source=Endpoint.Source.BUILT_IN
    )
    return ModelCard.objects.create(endpoint=endpoint, name="parley-guide")


def of(card: ModelCard) -> BotVersion:
    return BotVersion.objects.filter(bot__default_for=card).latest("number")


def test_each_model_gets_one_bot_of_its_name(workspace: Workspace) -> None:
    small, large = make_card(workspace.id, "small"), make_card(workspace.id, "large", label="Large model")
    assert ensure_default_bots(workspace.id) == 2
    assert ensure_default_bots(workspace.id) == 0
    assert (of(small).name, of(large).name) == ("small", "Large model")
    assert (of(small).model_card, of(small).system_prompt) == (small, "")


def test_a_model_that_appears_gets_its_bot(
    workspace: Workspace, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    card = make_card(workspace.id)
    with django_capture_on_commit_callbacks(execute=True):
        announce(model_card_added, workspace_id=workspace.id, endpoint_id=card.endpoint_id, model_card_id=card.id)
    assert of(card).name == "small"


def test_a_model_with_a_very_long_name_gets_its_bot(workspace: Workspace) -> None:
    card = make_card(workspace.id, "m" * 200)
    ensure_default_bots(workspace.id)
    assert len(of(card).name) == 120


def test_the_bot_follows_its_models_name_until_a_person_edits_it(
    owner: Person, workspace: Workspace, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    card = make_card(workspace.id)
    ensure_default_bots(workspace.id)
    bot = Bot.objects.get(default_for=card)
    assert persona_for(bot.id).name == "small"
    ModelCard.objects.filter(id=card.id).update(label="Small one")
    with django_capture_on_commit_callbacks(execute=True):
        announce(model_card_changed, workspace_id=workspace.id, endpoint_id=card.endpoint_id, model_card_id=card.id)
    assert persona_for(bot.id).name == "Small one"
    edit_bot(owner.member, bot.id, version=2, name="My own")
    ModelCard.objects.filter(id=card.id).update(label="Another")
    follow_card(card.id)
    assert of(card).name == "My own"


def test_a_model_that_is_gone_when_it_is_told_of_harms_nothing(workspace: Workspace) -> None:
    follow_card(uuid4())


def test_when_a_model_is_deleted_its_bot_is_archived_and_its_versions_stay(workspace: Workspace) -> None:
    card = make_card(workspace.id)
    ensure_default_bots(workspace.id)
    card.endpoint.delete()
    version = BotVersion.objects.select_related("bot").get()
    assert (version.name, version.model_card_id) == ("small", None)
    assert version.bot.archived_at is not None


def test_the_guide_greets_honestly_and_reads_the_handbook(workspace: Workspace, guide: ModelCard) -> None:
    handbook = Collection.objects.create(workspace=workspace, name="Handbook", built_in=HANDBOOK)
    ensure_default_bots(workspace.id)
    version = of(guide)
    assert (version.name, list(version.collections.all())) == ("Parley guide", [handbook])
    assert "no language model" in version.greeting
    assert "What is Parley?" in version.starters


def test_the_guide_gets_the_handbook_when_that_comes_later(workspace: Workspace, guide: ModelCard) -> None:
    ensure_default_bots(workspace.id)
    lend_handbook(workspace.id)
    assert not of(guide).collections.exists()
    handbook = Collection.objects.create(workspace=workspace, name="Handbook", built_in=HANDBOOK)
    lend_handbook(workspace.id)
    lend_handbook(workspace.id)
    assert (of(guide).number, list(of(guide).collections.all())) == (2, [handbook])


def test_the_default_is_the_guide_until_a_real_model_is_there(workspace: Workspace, guide: ModelCard) -> None:
    ensure_default_bots(workspace.id)
    assert default_bot(workspace.id) == of(guide).bot_id
    card = make_card(workspace.id)
    ensure_default_bots(workspace.id)
    forget_default_bots()
    assert default_bot(workspace.id) == of(card).bot_id


def test_the_default_is_the_first_usable_model_of_the_newest_endpoint(workspace: Workspace) -> None:
    make_card(workspace.id, "old", endpoint="Old")
    off = make_card(workspace.id, "off", endpoint="New", enabled=False)
    first = make_card(workspace.id, "first", endpoint="New")
    make_card(workspace.id, "second", endpoint="New")
    ensure_default_bots(workspace.id)
    assert default_bot(workspace.id) == of(first).bot_id
    Endpoint.objects.filter(id=off.endpoint_id).update(enabled=False)
    forget_default_bots()
    assert persona_for(default_bot(workspace.id)).name == "old"


def test_a_workspace_without_any_model_says_who_can_connect_one(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="owner can connect"):
        default_bot(workspace.id)


def test_a_persons_bot_is_never_the_default(workspace: Workspace) -> None:
    make_bot(workspace.id)
    with pytest.raises(NotFound):
        default_bot(workspace.id)


def test_the_default_costs_no_query_when_warm(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_card(workspace.id)
    ensure_default_bots(workspace.id)
    bot_id = default_bot(workspace.id)
    with django_assert_num_queries(0):
        assert default_bot(workspace.id) == bot_id

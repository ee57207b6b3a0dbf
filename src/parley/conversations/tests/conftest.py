"""A bot to talk to, for every test of this room."""

import pytest

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.personas import persona_for
from parley.bots.tests.made import make_bot, make_card


@pytest.fixture
def bot(workspace: Workspace) -> Bot:
    """The default bot of the owner's workspace, warm in the cache of personas."""
    card = make_card(workspace.id)
    made = make_bot(workspace.id, "Helper", card=card, default_for=card)
    persona_for(made.id)
    return made

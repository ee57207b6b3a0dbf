"""Facts of the rooms below, told to all sockets of the person who may see them. Connected once, by `asgi.py` and `worker.py`."""

from uuid import UUID

from parley.accounts import signals as accounts
from parley.conversations import signals as conversations
from parley.engine import signals as engine
from parley.engine.values import Ending, Turn
from parley.realtime import broadcast
from parley.realtime.frames import Fact
from parley.realtime.socket import SIGNED_OUT


def connect() -> None:
    """Before hints are opened: this is also where the facts of other processes come in."""
    broadcast.connect()
    conversations.conversation_created.connect(_conversation_created)
    conversations.conversation_renamed.connect(_conversation_renamed)
    conversations.conversation_kept.connect(_conversation_kept)
    conversations.conversation_deleted.connect(_conversation_deleted)
    conversations.conversation_cleared.connect(_conversation_cleared)
    conversations.leaf_chosen.connect(_leaf_chosen)
    conversations.draft_written.connect(_draft_written)
    engine.generation_queued.connect(_message_added)
    engine.generation_ended.connect(_message_ended)
    accounts.session_ended.connect(_session_ended)
    accounts.key_revoked.connect(_key_revoked)
    accounts.member_left.connect(_member_left)
    accounts.member_changed.connect(_member_left)


def _conversation_created(conversation_id: UUID, owner_id: UUID, title: str, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="conversation.created", conversation=conversation_id, title=title))


def _conversation_renamed(conversation_id: UUID, owner_id: UUID, title: str, version: int, **_: object) -> None:
    broadcast.tell(
        owner_id, Fact(name="conversation.renamed", conversation=conversation_id, title=title, version=version)
    )


def _conversation_kept(conversation_id: UUID, owner_id: UUID, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="conversation.kept", conversation=conversation_id))


def _conversation_deleted(conversation_id: UUID, owner_id: UUID, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="conversation.deleted", conversation=conversation_id))


def _conversation_cleared(conversation_id: UUID, owner_id: UUID, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="conversation.cleared", conversation=conversation_id))


def _leaf_chosen(conversation_id: UUID, owner_id: UUID, leaf_id: UUID, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="conversation.leaf_chosen", conversation=conversation_id, leaf=leaf_id))


def _draft_written(conversation_id: UUID | None, owner_id: UUID, version: int, **_: object) -> None:
    broadcast.tell(owner_id, Fact(name="draft.written", conversation=conversation_id, version=version))


def _message_added(turn: Turn, **_: object) -> None:
    """Told with the generation, so that another tab can follow it at once."""
    fact = Fact(
        name="message.added",
        conversation=turn.conversation_id,
        message=turn.parent_id,
        answer=turn.answer_id,
        generation=turn.generation_id,
    )
    broadcast.tell(turn.user_id, fact)


def _message_ended(turn: Turn, ending: Ending, **_: object) -> None:
    fact = Fact(
        name="message.ended",
        conversation=turn.conversation_id,
        answer=turn.answer_id,
        generation=turn.generation_id,
        status=ending.outcome,
    )
    broadcast.tell(turn.user_id, fact)


def _session_ended(user_id: UUID, session_key: str, **_: object) -> None:
    broadcast.close(user_id, SIGNED_OUT, "signed out", proof=f"session:{session_key}")


def _key_revoked(user_id: UUID, **_: object) -> None:
    """Which key let a socket in is not kept; those whose key still holds come back at once."""
    broadcast.close(user_id, SIGNED_OUT, "an API key was revoked", proof="key:")


def _member_left(user_id: UUID, **_: object) -> None:
    """Rights changed: whoever still has some comes back with the new ones."""
    broadcast.close(user_id, SIGNED_OUT, "your access changed")

"""Tell and close sockets wherever they are: those of this process at once, those of others by a hint.

A hint that is lost costs a fact, which is told by asking browsers to look again once hints flow again, or a closing, which
`sign_ins.py` catches up with.
"""

import secrets
from uuid import UUID

import orjson

from parley.core import hints
from parley.realtime.directory import installed_directory
from parley.realtime.frames import Fact, text_of

TELL, CLOSE = "facts", "closings"
_me = ""  # so that this process does not tell its own sockets twice


def connect() -> None:
    """Hear the other processes. Called before hints are opened, and after a fork."""
    global _me
    _me = secrets.token_hex(8)
    hints.ears[TELL] = _hear_fact
    hints.ears[CLOSE] = _hear_closing
    if ask_to_look_again not in hints.returns:
        hints.returns.append(ask_to_look_again)


def tell(user_id: UUID, fact: Fact) -> None:
    """All sockets of a person."""
    text = text_of(fact)
    _tell_here(user_id, text)
    hints.tell(TELL, orjson.dumps([_me, user_id, text]))


def close(user_id: UUID, code: int, reason: str, *, proof: str = "") -> None:
    """A person's sockets, or only those that a proof which begins so let in."""
    _close_here(user_id, code, reason, proof)
    hints.tell(CLOSE, orjson.dumps([_me, user_id, code, reason, proof]))


def ask_to_look_again() -> None:
    """Facts may have been missed."""
    directory = installed_directory()
    if directory:
        directory.tell_all(text_of(Fact(name="facts.missed")))


def _hear_fact(body: bytes) -> None:
    sender, user_id, text = orjson.loads(body)
    if sender != _me:
        _tell_here(UUID(user_id), text)


def _hear_closing(body: bytes) -> None:
    sender, user_id, code, reason, proof = orjson.loads(body)
    if sender != _me:
        _close_here(UUID(user_id), code, reason, proof)


def _tell_here(user_id: UUID, text: str) -> None:
    directory = installed_directory()
    if directory:
        directory.tell(user_id, text)


def _close_here(user_id: UUID, code: int, reason: str, proof: str) -> None:
    directory = installed_directory()
    if directory:
        directory.close(user_id, code, reason, proof=proof)

"""Parley inside this process: Django is set up here, and the engine that answers `/v1` answers us. No server, no key."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, aclosing
from functools import cache
from queue import SimpleQueue
from typing import TypeVar

import django
from chat import NoAnswer, Said

os.umask(0o077)  # what is made below holds people's words
os.environ.setdefault("PARLEY_DATA", "parley-data")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
django.setup()

# Django's tables can only be imported once Django is set up.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from parley.accounts.access import Member, member_for_user  # noqa: E402
from parley.accounts.actions import found_instance  # noqa: E402
from parley.accounts.models import Membership, Role  # noqa: E402
from parley.bots.names import find_bot_named, list_bot_names  # noqa: E402
from parley.core.alone import alone  # noqa: E402
from parley.core.errors import NotFound, ParleyError  # noqa: E402
from parley.engine import ledger  # noqa: E402
from parley.engine.assemble import Scene  # noqa: E402
from parley.engine.completion import Question, complete, prepare  # noqa: E402
from parley.providers.unasked import refresh_catalogue  # noqa: E402
from parley.providers.values import ChatMessage, Parameters, Text, TextDelta  # noqa: E402
from parley.serve import catch_up  # noqa: E402

T = TypeVar("T")


class InProcess:
    """Answers as the owner of the data folder. One event loop, in a thread of its own, for all pages."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="parley", daemon=True).start()

    def models(self) -> list[str]:
        """See `chat.Answers`."""
        return [bot.name for bot in self._read(lambda: list_bot_names(self._member))]

    def answer(self, model: str, said: list[Said]) -> Iterator[str]:
        """See `chat.Answers`. Who stops reading stops the model."""
        heard: SimpleQueue[str | ParleyError | None] = SimpleQueue()
        telling = asyncio.run_coroutine_threadsafe(self._tell(model, list(said), heard), self._loop)
        try:
            while (piece := heard.get()) is not None:
                if isinstance(piece, ParleyError):
                    raise NoAnswer(piece.message)
                yield piece
        finally:
            telling.cancel()

    async def _tell(self, model: str, said: list[Said], heard: "SimpleQueue[str | ParleyError | None]") -> None:
        try:
            scene = await ledger.read(self._scene, model, said)
            async with aclosing(complete(self._member, scene)) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        heard.put(event.text)
        except ParleyError as error:
            heard.put(error)
        finally:
            heard.put(None)

    def _scene(self, model: str, said: list[Said]) -> Scene:
        bot = find_bot_named(self._member, model)
        if bot is None:
            raise NotFound(f"There is no bot {model} any more. Choose another one.")
        messages = tuple(ChatMessage("user" if one.is_user else "assistant", (Text(one.text),)) for one in said)
        return prepare(self._member, bot, Question(messages, Parameters()))

    def _read(self, function: Callable[[], T]) -> T:
        return asyncio.run_coroutine_threadsafe(ledger.read(function), self._loop).result()


@cache
def opened() -> InProcess:
    """Parley on its data folder, made at the first call. Raises `NoAnswer` when another one stands on it."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        ExitStack().enter_context(alone(settings.DATA_DIR))  # for as long as the process lives
    except ParleyError as error:
        raise NoAnswer(error.message) from error
    call_command("migrate", verbosity=0)
    found_instance()
    catch_up()
    refresh_catalogue()
    owner = Membership.objects.filter(role=Role.OWNER).order_by("id").first()
    assert owner, "found_instance makes one"
    return InProcess(member_for_user(owner.user_id))

"""Which models are in memory: loaded when first asked for; put away, the one unused for longest first, to stay in the budget."""

import logging
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

from model_service.decoding.batcher import Batcher, Limits
from model_service.decoding.machine import Machine
from model_service.decoding.prefixes import Prefixes
from model_service.decoding.proof import machine_for
from model_service.embedding import Embedder
from model_service.errors import BadRequest, Busy, NoMemory, NotServable
from model_service.memory import ran_out
from model_service.settings import Settings
from model_service.shapes.shapes import Shapes
from model_service.shelf.adapters import Adapters
from model_service.shelf.folders import Found, look_into
from model_service.shelf.loader import Loaded, ends_of, load, opening_of, token_bytes
from model_service.shelf.register import AdapterRow, ModelRow, Register

log = logging.getLogger(__name__)

_MB: Final = 2**20
_ANSWERING_S: Final = 5  # when to ask again, where all memory is taken by models that answer


class Ready:
    """A model in memory. `users`: requests that hold it."""

    def __init__(self, row: ModelRow, loaded: Loaded, settings: Settings) -> None:
        self.name, self.loaded = row.name, loaded
        self.users = 0
        self.context = min(loaded.found.context, settings.context)
        self.opening = opening_of(loaded.model)
        self.adapters = Adapters()
        self._shapes: Shapes | None = None
        self._making_shapes = threading.Lock()
        self._prefixes = Prefixes(settings.prefix_mb * _MB)
        self._machine: Machine | None = None
        self._batcher: Batcher | None = None
        self._embedder: Embedder | None = None
        if loaded.found.kind == "embedding":
            self._embedder = Embedder(loaded.found.folder, loaded.model, loaded.tokenizer, self.context)
        else:
            self._machine = machine_for(loaded.model)
            limits = Limits(settings.slots, settings.queue, settings.cache_mb * _MB // token_bytes(loaded.model))
            ends = ends_of(loaded.model, loaded.tokenizer)
            self._batcher = Batcher(self._machine, loaded.tokenizer, ends, limits, self._prefixes)

    @property
    def batcher(self) -> Batcher:
        """Raises `BadRequest` for a model that embeds."""
        if self._batcher is None:
            raise BadRequest(f"{self.name} embeds texts and does not answer; ask /v1/embeddings", param="model")
        return self._batcher

    @property
    def embedder(self) -> Embedder:
        """Raises `BadRequest` for a model that answers."""
        if self._embedder is None:
            raise BadRequest(f"{self.name} answers and does not embed; ask /v1/chat/completions", param="model")
        return self._embedder

    @property
    def tokenizer(self) -> Any:  # the library's
        return self.loaded.tokenizer

    @property
    def shapes(self) -> Shapes:
        """Made when first asked for, which takes half a second. Raises `BadRequest` for a tokenizer that cannot be followed."""
        with self._making_shapes:
            if self._shapes is None:
                width = self.loaded.model.config.get_text_config(decoder=True).vocab_size
                ends = ends_of(self.loaded.model, self.tokenizer)
                try:
                    self._shapes = Shapes(self.tokenizer, width, sorted(ends))
                except ValueError as error:
                    raise BadRequest(f"{self.name} cannot be held to a shape: {error}") from error
            return self._shapes

    @property
    def is_answering(self) -> bool:
        return self.users > 0 or (self._batcher is not None and not self._batcher.is_idle)

    def adapter(self, row: AdapterRow) -> str:
        """The plain name of an adapter, which is loaded now if it was not. Raises `NotServable`."""
        if self.adapters.plain_name(row.name) is None:
            self.batcher.change(lambda: self._load_adapter(row))
        plain = self.adapters.plain_name(row.name)
        assert plain
        return plain

    def forget_adapter(self, name: str) -> None:
        self.batcher.change(lambda: self._forget_adapter(name))

    def close(self) -> None:
        if self._batcher:
            self._batcher.close()

    def _load_adapter(self, row: AdapterRow) -> None:
        assert self._machine
        if self.adapters.plain_name(row.name) is None:
            self._machine.model = self.adapters.load(self._machine.model, row.name, Path(row.folder))

    def _forget_adapter(self, name: str) -> None:
        assert self._machine
        if plain := self.adapters.plain_name(name):
            self._machine.model = self.adapters.forget(self._machine.model, name)
            self._prefixes.forget(plain)


class Shelf:
    """Safe to call from any thread; `take` may be slow, since it loads."""

    def __init__(self, settings: Settings, register: Register) -> None:
        self.register = register
        self._settings = settings
        self._held: OrderedDict[str, Ready] = OrderedDict()  # the one unused for longest is first
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def take(self, name: str) -> tuple[Ready, AdapterRow | None]:
        """Whoever takes it gives it back. Raises `UnknownModel`, `NotServable`, `NoMemory`, `Busy`."""
        row, adapter = self.register.model_for(name)
        ready = self._held_one(row)
        if ready is None:
            with self._loading:
                ready = self._held_one(row) or self._load(row)
        return ready, adapter

    def give_back(self, ready: Ready) -> None:
        with self._lock:
            ready.users -= 1

    def put_away(self, name: str) -> bool:
        """Free its memory. Returns whether it was there. Raises `Busy` while it answers."""
        with self._lock:
            ready = self._held.get(name)
            if ready is None:
                return False
            if ready.is_answering:
                raise Busy(f"{name} is answering", retry_after_s=_ANSWERING_S)
            del self._held[name]
        ready.close()
        return True

    def remove(self, name: str) -> None:
        """From memory and register. Raises `UnknownModel`, or `Busy` while the model answers."""
        row, adapter = self.register.model_for(name)
        if adapter is None:
            self.put_away(name)
        elif ready := next((ready for ready in self.held() if ready.name == row.name), None):
            ready.forget_adapter(name)
        self.register.remove(name)

    def held(self) -> list[Ready]:
        with self._lock:
            return list(self._held.values())

    def close(self) -> None:
        for ready in self.held():
            ready.close()

    def _held_one(self, row: ModelRow) -> Ready | None:
        with self._lock:
            ready = self._held.get(row.name)
            if ready and ready.loaded.found.folder != Path(row.folder) and not ready.is_answering:
                del self._held[row.name]  # another revision is offered under this name now
                ready.close()
                return None
            if ready:
                ready.users += 1
                self._held.move_to_end(row.name)
            return ready

    def _load(self, row: ModelRow) -> Ready:
        found = look_into(Path(row.folder))
        self._make_room(row.name, found)
        ready = self._brought_in(row, found)
        log.info("loaded %s: %d MB in %.1f s", row.name, ready.loaded.size_bytes // _MB, ready.loaded.load_s)
        ready.users = 1
        with self._lock:
            self._held[row.name] = ready
        return ready

    def _brought_in(self, row: ModelRow, found: Found) -> Ready:
        """The budget allows it; the machine may not. Then what is idle goes, one after another, before it is refused."""
        while True:
            try:
                return Ready(row, load(found, self._settings), self._settings)
            except (MemoryError, RuntimeError, OSError, NotServable) as error:
                if not ran_out(error):
                    raise
            if not self._put_an_idle_one_away(row.name):
                raise NoMemory(
                    f"There is not enough memory on this machine to load {row.name} ({found.size_bytes // _MB} MB): "
                    "choose a smaller model, quantise it (MODELS_QUANTISE), or give the model service more memory"
                )

    def _put_an_idle_one_away(self, name: str) -> bool:
        """For the model of this name. Returns whether there was one."""
        idle = next((ready for ready in self.held() if not ready.is_answering), None)
        if idle is None:
            return False
        log.info("putting %s away for %s", idle.name, name)
        return self.put_away(idle.name)

    def _make_room(self, name: str, found: Found) -> None:
        budget = self._settings.memory_mb * _MB
        if found.size_bytes > budget:
            raise NoMemory(
                f"{name} needs {found.size_bytes // _MB} MB, and all models together have {self._settings.memory_mb}: "
                "raise MODELS_MEMORY_MB"
            )
        while sum(ready.loaded.size_bytes for ready in self.held()) + found.size_bytes > budget:
            if not self._put_an_idle_one_away(name):
                raise Busy(
                    f"All memory is taken by models that are answering; {name} waits", retry_after_s=_ANSWERING_S
                )

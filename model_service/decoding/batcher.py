"""Continuous batching: one thread a model, which steps all running sequences together; they come and go between two steps."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

import torch
from transformers import PreTrainedTokenizerBase

from model_service.decoding.machine import Machine, Prompted
from model_service.decoding.prefixes import Prefixes
from model_service.decoding.sampler import choose
from model_service.decoding.sequence import Deliver, Sequence
from model_service.decoding.shaping import Banned, forbidden
from model_service.errors import Busy
from model_service.memory import ran_out
from model_service.values import Ask

log = logging.getLogger(__name__)

_PROMPT_TOKENS: Final = (
    512  # of prompts, read between two steps: a long one must not hold up those who are being answered
)
_LONGEST_WAIT_S: Final = 60

_BROKEN: Final = "the model failed; see the log of the model service"
_NO_MEMORY: Final = (
    "there was not enough memory for this answer; ask again, ask for less, or give the model service more memory"
)

cores = threading.Lock()
"""Held for a step. All models share the cores, and two that compute at once are slower than one after the other."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`cache_tokens`: that keys and values may be held of, over all rows."""

    slots: int
    queue: int
    cache_tokens: int


class Batcher:
    """`ends`: the tokens that end an answer. Everything but `submit`, `change` and `close` runs in its own thread."""

    def __init__(
        self,
        machine: Machine,
        tokenizer: PreTrainedTokenizerBase,
        ends: frozenset[int],
        limits: Limits,
        prefixes: Prefixes,
    ) -> None:
        self._machine, self._tokenizer, self._ends = machine, tokenizer, ends
        self._limits, self._prefixes = limits, prefixes
        self._waiting: deque[Sequence] = deque()
        self._joining: list[tuple[Sequence, Prompted]] = []
        self._running: list[Sequence] = []
        self._changes: deque[Callable[[], None]] = deque()
        self._condition = threading.Condition()
        self._is_closed = False
        self._mean_s = 1.0  # how long an answer takes, roughly
        self.tokens = 0  # chosen since the start
        self._thread = threading.Thread(target=self._run, name="decode", daemon=True)
        self._thread.start()

    # From other threads:

    def submit(self, ask: Ask, deliver: Deliver) -> Sequence:
        """Raises `Busy` when too many wait. Set `is_cancelled` of what comes back to end it early."""
        sequence = Sequence(ask, self._tokenizer, deliver)
        with self._condition:
            if len(self._waiting) >= self._limits.queue:
                raise Busy("Too many are waiting for this model", retry_after_s=self._wait_s())
            self._waiting.append(sequence)
            self._condition.notify()
        return sequence

    def change(self, act: Callable[[], None]) -> None:
        """Do this between two steps: what changes the model, such as loading an adapter into it."""
        done = threading.Event()
        failed: list[Exception] = []

        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001  # raised again where it was asked for
                failed.append(error)
            done.set()

        with self._condition:
            self._changes.append(guarded)
            self._condition.notify()
        done.wait()
        if failed:
            raise failed[0]

    def close(self) -> None:
        """Ends what runs and waits, with an error each."""
        with self._condition:
            self._is_closed = True
            self._condition.notify()
        self._thread.join()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def running(self) -> int:
        return len(self._running) + len(self._joining)

    @property
    def load(self) -> float:
        """Running and waiting, of the slots."""
        return (self.running + self.waiting) / self._limits.slots

    @property
    def is_idle(self) -> bool:
        return not (self._waiting or self._joining or self._running)

    def _wait_s(self) -> int:
        rounds = 1 + len(self._waiting) / self._limits.slots
        return max(1, min(_LONGEST_WAIT_S, round(self._mean_s * rounds)))

    # The decode thread:

    def _run(self) -> None:
        while self._await_work():
            with cores, self._survive():
                self._turn()
        self._fail_all("the model was taken out of memory")

    def _await_work(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._is_closed or self._changes or not self.is_idle)
            return not self._is_closed

    def _turn(self) -> None:
        while self._changes:
            self._changes.popleft()()
        self._drop_cancelled()
        self._admit()
        self._read_prompts()
        if self._running:
            banned = forbidden([sequence.shape for sequence in self._running])
            self._go_on(self._machine.step([sequence.ids[-1] for sequence in self._running]), banned)

    def _drop_cancelled(self) -> None:
        self._joining = [joining for joining in self._joining if not joining[0].is_cancelled]
        for row in reversed(range(len(self._running))):
            if self._running[row].is_cancelled:
                self._leave(row)

    def _admit(self) -> None:
        while self._waiting and self.running < self._limits.slots and self._fits(self._waiting[0]):
            with self._condition:
                sequence = self._waiting.popleft()
            if sequence.is_cancelled:
                continue
            with self._survive_alone(sequence):
                known, pairs = self._prefixes.find(sequence.ask.prompt, sequence.ask.adapter)
                sequence.cached = known
                self._joining.append((sequence, self._machine.begin(sequence.ask, known, pairs)))

    def _fits(self, new: Sequence) -> bool:
        """Rows are as long as the longest of them. Alone, anything fits that the context allows."""
        reaches = [new.reach, *(sequence.reach for sequence in self._running), *(one.reach for one, _ in self._joining)]
        return len(reaches) == 1 or len(reaches) * max(reaches) <= self._limits.cache_tokens

    def _read_prompts(self) -> None:
        """Some tokens of the prompts, first come first served; whose prompt is read gets its first token."""
        left = _PROMPT_TOKENS
        while self._joining and left > 0:
            sequence, prompted = self._joining[0]
            before = len(prompted.left)
            logits = None
            with self._survive_alone(sequence):
                logits = self._machine.feed(prompted, left)
            left -= before - len(prompted.left)
            if logits is not None:
                self._begin(sequence, prompted, logits)

    def _begin(self, sequence: Sequence, prompted: Prompted, logits: torch.Tensor) -> None:
        """Its place among those that join is kept until it has one among those that run: who is in neither is never told."""
        self._machine.join(prompted)
        self._joining.pop(0)
        self._running.append(sequence)
        (token,) = choose(logits, [sequence], forbidden([sequence.shape]))
        self.tokens += 1
        if sequence.take(token, self._ends):
            self._end(len(self._running) - 1)

    def _go_on(self, logits: torch.Tensor, banned: Banned | None) -> None:
        tokens = choose(logits, self._running, banned)
        self.tokens += len(tokens)
        ended = [row for row, token in enumerate(tokens) if self._running[row].take(token, self._ends)]
        for row in reversed(ended):
            self._end(row)

    def _end(self, row: int) -> None:
        sequence = self._running[row]
        self._mean_s += 0.1 * (monotonic() - sequence.asked_at - self._mean_s)
        pairs = self._machine.kept(row)
        if pairs:
            self._prefixes.keep([*sequence.ask.prompt, *sequence.ids[:-1]], sequence.ask.adapter, pairs)
        self._leave(row)

    def _leave(self, row: int) -> None:
        """The machine moves its last row here, and so do we."""
        self._machine.leave(row)
        self._running[row] = self._running[-1]
        self._running.pop()

    @contextmanager
    def _survive(self) -> Iterator[None]:
        """A step that fails (out of memory, most often) ends those who were in it, and no more."""
        try:
            yield
        except Exception as error:
            self._fail_all(*self._why(error), with_waiting=False)
            log.exception("a step failed")

    @contextmanager
    def _survive_alone(self, sequence: Sequence) -> Iterator[None]:
        """What fails before a sequence runs with the others ends that one: most memory is asked for by long prompts."""
        try:
            yield
        except Exception as error:
            self._joining = [joining for joining in self._joining if joining[0] is not sequence]
            why, of_memory = self._why(error)
            sequence.fail(why, of_memory=of_memory)
            log.exception("a prompt could not be read")

    def _why(self, error: Exception) -> tuple[str, bool]:
        """What those who are ended by it are told; whether it was for want of memory. Then what was kept for later goes."""
        if not ran_out(error):
            return _BROKEN, False
        self._prefixes.clear()
        return _NO_MEMORY, True

    def _fail_all(self, why: str, of_memory: bool = False, *, with_waiting: bool = True) -> None:
        for sequence in [*self._running, *(sequence for sequence, _ in self._joining)]:
            sequence.fail(why, of_memory=of_memory)
        while self._machine.rows:
            self._machine.leave(self._machine.rows - 1)  # nothing is moved into the last one's place: that could fail
        self._running, self._joining = [], []
        while with_waiting and self._waiting:
            self._waiting.popleft().fail(why)

"""The press with a meter on it: one note for each batch, and nothing for a token."""

from parley.engine import ledger
from parley.engine.hub import Hub
from parley.engine.meters import press
from parley.engine.tape import Press, Tape
from parley.engine.values import Page


class MeteredPress(Press):
    """Notes how long each commit took, how many answers it carried, and how old its oldest news was when stored."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self._rang_at = self.loop.time()

    def ring(self, tape: Tape, *, urgent: bool) -> None:
        if not self._waiting:
            self._rang_at = self.loop.time()
        super().ring(tape, urgent=urgent)

    async def _commit(self, pages: list[Page]) -> ledger.Verdicts:
        rang_at, begun = self._rang_at, self.loop.time()
        verdicts = await super()._commit(pages)
        done = self.loop.time()
        press.note(commit_s=done - begun, pages=len(pages), lag_s=done - rang_at)
        return verdicts

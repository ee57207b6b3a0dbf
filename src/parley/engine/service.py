"""Start and stop the engine of a process that serves: runner, press, heartbeat, and the watch over the loop."""

import asyncio

from django.conf import settings

from parley.engine.admission import watch_loop
from parley.engine.lease import install_runner
from parley.engine.loop import install_loop
from parley.engine.runner import Runner
from parley.engine.upkeep import checkpoint, index, spare_the_collector
from parley.providers.sessions import close_sessions


class Engine:
    """One per process; `start` and `stop` run on its loop."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: Runner | None = None

    async def start(self) -> None:
        self._runner = runner = Runner()
        keepers = (
            runner.press.run(),
            runner.hub.poll(),
            runner.heartbeat(),
            watch_loop(runner.press),
            checkpoint(),
            index(),
        )
        self._tasks = [asyncio.create_task(keeper) for keeper in keepers]
        spare_the_collector()
        install_loop(runner.loop)
        install_runner(runner)

    async def stop(self) -> None:
        """Finish or hand over what is being written; after this no row of ours claims to be alive."""
        install_runner(None)  # what is asked from here on is queued for another process
        if self._runner:
            await self._runner.finish_or_hand_over(grace_s=settings.SHUTDOWN_GRACE_S)
        install_loop(None)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await close_sessions()

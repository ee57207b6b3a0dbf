"""Answers to programs (/v1) that are being written: no row tells of them, so that they are counted here, for budgets of answers
at once; where a budget has such a limit, for all processes of a fleet together (`core.tally`)."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from parley.accounts.access import Member
from parley.core.tally import Limit, installed_tally
from parley.engine.loop import run_on_loop
from parley.engine.queries import running_answers

LOOK_S = 1.0

_here: Counter[str] = Counter()  # answers of this process
_limited: set[str] = set()  # whose answers at once were ever limited, as far as this process was asked


@asynccontextmanager
async def calling(member: Member) -> AsyncIterator[None]:
    """While an answer is being written. Tells the other processes where somebody's limit hangs on it."""
    names = [_name(member.workspace_id, None), _name(member.workspace_id, member.user_id)]
    _here.update(names)
    told, tally = list[str](), installed_tally()
    try:
        for name in names:
            if tally and name in _limited:
                await tally.take(name, Limit())
                told.append(name)
        yield
    finally:
        if tally:
            for name in told:
                tally.give_back(name)
        for name in names:
            _here[name] -= 1
            if not _here[name]:
                del _here[name]


def running_for_callers(workspace_id: UUID, user_id: UUID | None) -> int:
    """Answers under way for this user or (None) the workspace, whoever asked, in all processes. Asked where a limit hangs on it,
    in a thread beside the loop."""
    name = _name(workspace_id, user_id)
    _limited.add(name)
    return max(_here[name], _everywhere(name)) + running_answers(workspace_id, user_id)


def _everywhere(name: str) -> int:
    """0 while nobody can tell."""
    tally = installed_tally()
    try:
        return (run_on_loop(tally.look(name), timeout_s=LOOK_S) if tally else None) or 0
    except TimeoutError:
        return 0


def _name(workspace_id: UUID, user_id: UUID | None) -> str:
    return f"answers:{workspace_id}:{user_id or 'all'}"

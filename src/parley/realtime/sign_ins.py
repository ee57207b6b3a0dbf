"""While no hints arrive, look into SQL whether who let a socket in still may: a revocation is felt within 5 s in any case."""

import asyncio
import logging

from django.conf import settings

from parley.accounts.standing import lost_standing
from parley.core.hints import installed_hints
from parley.engine import ledger
from parley.realtime.directory import Directory
from parley.realtime.socket import SIGNED_OUT

logger = logging.getLogger(__name__)

LOOK_S = 3.0


async def watch_sign_ins(directory: Directory) -> None:
    """For as long as the process lives; in a fleet only, since one process hears of everything by itself."""
    was_deaf = True
    while settings.REDIS_URL or settings.ROLE != "all":
        await asyncio.sleep(LOOK_S)
        hints = installed_hints()
        is_deaf = hints is None or not hints.is_up
        if is_deaf or was_deaf:  # once more when hints are back: some were missed
            await _close_lost(directory)
        was_deaf = is_deaf


async def _close_lost(directory: Directory) -> None:
    held = directory.held()
    if not held:
        return
    try:
        lost = await ledger.read(lost_standing, [(socket.member, proof) for socket, proof in held])
    except ledger.DatabaseAway:
        logger.debug("sign-ins were not looked at: the database does not answer")
        return
    for (socket, _), is_lost in zip(held, lost, strict=True):
        if is_lost:
            socket.close(SIGNED_OUT, "signed out, or your access changed")

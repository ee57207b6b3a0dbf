"""Facts of this room, announced after COMMIT. See docs/signals.md.

`bot_added(bot_id, workspace_id)` · `bot_edited(bot_id, workspace_id, version_id)`: it has a new version ·
`bot_shared(bot_id, workspace_id)`: it is for others than before ·
`bot_archived(bot_id, workspace_id)`: it answers no more; what it said stays.
"""

from django.dispatch import Signal

bot_added = Signal()
bot_edited = Signal()
bot_shared = Signal()
bot_archived = Signal()

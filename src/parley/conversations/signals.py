"""Facts of this room, announced after COMMIT. See docs/signals.md. `owner_id` is who may see it.

`conversation_created(conversation_id, owner_id, workspace_id, title)`
`conversation_renamed(conversation_id, owner_id, workspace_id, title, version)`: by its owner or by a model
`conversation_kept(conversation_id, owner_id, workspace_id)`: pinned, archived, moved or tagged, or none of these any more
`conversation_deleted(conversation_id, owner_id, workspace_id, live_answer_ids)`: these answers were still being written
`conversation_cleared(conversation_id, owner_id, workspace_id, live_answer_ids)`: all its messages are gone, it stays
`message_added(conversation_id, owner_id, workspace_id, message_id, answer_id)`: a message, and the empty answer to it
`message_ended(message_id, status)`: an answer got its parts, for ever
`leaf_chosen(conversation_id, owner_id, workspace_id, leaf_id)`: another branch is shown
`draft_written(conversation_id, owner_id, version)`: typed and not sent; without a conversation it is for the next one
"""

from django.dispatch import Signal

conversation_created = Signal()
conversation_renamed = Signal()
conversation_kept = Signal()
conversation_deleted = Signal()
conversation_cleared = Signal()
message_added = Signal()
message_ended = Signal()
leaf_chosen = Signal()
draft_written = Signal()

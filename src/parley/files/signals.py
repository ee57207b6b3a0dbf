"""Facts of this room, announced after COMMIT. See docs/signals.md.

`file_stored(file_id, owner_id, workspace_id)`: bytes and row are durable ·
`file_deleted(file_id, owner_id, workspace_id)`: the row is gone, whoever deleted it, also with its person or workspace
"""

from django.dispatch import Signal

file_stored = Signal()
file_deleted = Signal()

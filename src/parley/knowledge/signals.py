"""Facts of this room, announced after COMMIT. See docs/signals.md."""

from django.dispatch import Signal

documents_indexed = Signal()  # workspace_id, collection_id, document_ids: these can be found from now on
documents_removed = Signal()  # workspace_id, collection_id, paths: these cannot be found any more

"""Facts this room announces, each after its transaction has committed (`core.announce`): the seam for other rooms.

| signal | keyword arguments |
|---|---|
| endpoint_added, endpoint_changed, endpoint_removed | `workspace_id: UUID, endpoint_id: UUID` |
| model_card_added, model_card_changed | `workspace_id: UUID, endpoint_id: UUID, model_card_id: UUID` |

`model_card_changed` also tells that a card came or went with its vendor's list (`ModelCard.available`). When an
endpoint is removed, its cards go with it and only `endpoint_removed` is sent.
"""

from django.dispatch import Signal

endpoint_added = Signal()
endpoint_changed = Signal()
endpoint_removed = Signal()
model_card_added = Signal()
model_card_changed = Signal()

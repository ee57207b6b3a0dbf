"""Facts of this room, announced after COMMIT. See docs/signals.md.

`usage_recorded(workspace_id, user_id, tokens)`: a vendor call was added to the ledger ·
`budget_changed(workspace_id)`: a budget was set, changed or lifted
"""

from django.dispatch import Signal

usage_recorded = Signal()
budget_changed = Signal()

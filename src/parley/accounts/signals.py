"""The facts that accounts announces, after COMMIT. Each line names its keyword arguments.

They are the public seam for other rooms and other Django apps: `user_joined.connect(receiver)`.
"""

from django.dispatch import Signal

workspace_founded = Signal()  # workspace_id: UUID, user_id: UUID (its owner). `user_joined` follows
workspace_changed = Signal()  # workspace_id: UUID, version: int
user_joined = Signal()  # user_id: UUID, workspace_id: UUID, role: Role
member_changed = (
    Signal()
)  # user_id: UUID, workspace_id: UUID | None. Their role changed, or they were switched on or off
profile_changed = Signal()  # user_id: UUID. The name that others see
member_left = Signal()  # user_id: UUID, workspace_id: UUID
session_ended = Signal()  # user_id: UUID, session_key: str. Signed out, revoked, or void by a new password
key_created = Signal()  # user_id: UUID, key_id: UUID
key_used = Signal()  # key_id: UUID. At most once per process and few seconds
key_revoked = Signal()  # user_id: UUID, key_id: UUID

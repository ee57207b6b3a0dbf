"""The value that says who is asking."""

from dataclasses import dataclass
from uuid import UUID

from parley.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person in their workspace. Doors pass this value down; rooms check against it."""

    user_id: UUID
    workspace_id: UUID
    role: Role
    email: str
    name: str

    @property
    def is_admin(self) -> bool:
        return self.role in (Role.OWNER, Role.ADMIN)

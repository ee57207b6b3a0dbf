"""Names of people, workspaces and keys."""

from parley.core.errors import Invalid

NAME_LENGTH = 120


def valid_name(name: str, *, may_be_empty: bool = False) -> str:
    name = " ".join(name.split())
    if not name and not may_be_empty:
        raise Invalid("A name is needed.")
    if len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A name has at most {NAME_LENGTH} characters, and none that cannot be shown.")
    return name

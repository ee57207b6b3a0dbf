"""Reads of accounts, each in a fixed number of queries."""

from parley.accounts.member import Member
from parley.accounts.models import Workspace


def workspace_of(member: Member) -> Workspace:
    return Workspace.objects.get(id=member.workspace_id)

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from parley.accounts.actions import found_instance
from parley.accounts.models import User, Workspace


@pytest.mark.django_db(transaction=True)
def test_two_first_starts_at_once_found_one_workspace() -> None:
    def start(_: int) -> User | None:
        try:
            return found_instance()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        owners = list(pool.map(start, range(4)))
    assert sum(owner is not None for owner in owners) == 1
    assert (Workspace.objects.count(), User.objects.count()) == (1, 1)

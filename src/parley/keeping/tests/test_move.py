"""From SQLite to PostgreSQL with one command: nothing lost, nothing written to the old, nothing over another one."""

import hashlib
from collections.abc import Callable

import pytest

from parley.core.alone import alone
from parley.keeping.tests.instance import Instance, empty_database, without_nul
from tests.servers import Postgres

Seeded = Callable[[str], Instance]
pytestmark = pytest.mark.timeout(600)  # commands are processes of their own, on a machine that may be busy


def at(there: Instance, url: str) -> Instance:
    """The same folder, and so the same secret, on another database."""
    return Instance(there.folder, url)


def test_all_rows_move_and_the_old_file_is_only_read(seeded: Seeded, cluster: Postgres) -> None:
    there, url = seeded("sqlite"), empty_database(cluster, "moved")
    before, digest = there.told(), hashlib.sha256(there.database.read_bytes()).hexdigest()
    said = there.must("move", "--to", url)
    here = at(there, url)
    after = here.told()

    assert hashlib.sha256(there.database.read_bytes()).hexdigest() == digest
    assert without_nul(before) == after
    assert f"{sum(map(len, before.values())):,}  rows moved, read again and compared: nothing is lost." in said
    assert "1 values held the character NUL" in said
    assert f"{len(before['conversations_message']):,}  conversations_message" in said
    assert here.python(SEALED) == "sk-very-secret"
    assert here.python(ADD_A_GROUP) == "added"  # a number of its own: the sequences go on behind what was moved
    assert here.python(SEARCH) == "1"
    assert here.python(PARTITIONS) == "none by default"

    again = there.parley("move", "--to", url)
    assert (again.returncode, "already" in again.stderr) == (1, True)


def test_a_running_parley_is_not_moved(seeded: Seeded, cluster: Postgres) -> None:
    there = seeded("sqlite")
    with alone(there.folder):
        refused = there.parley("move", "--to", cluster.url)
    assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://127.0.0.1"])
def test_what_is_no_address_of_postgresql_is_refused(seeded: Seeded, url: str) -> None:
    refused = seeded("sqlite").parley("move", "--to", url)
    assert refused.returncode == 1
    assert "postgresql://" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_postgresql_cannot_take_is_named_and_nothing_moves(
    fresh: Callable[[str], Instance], cluster: Postgres
) -> None:
    """SQLite does not mind a name that is longer than its column; PostgreSQL does."""
    there, url = fresh("sqlite"), empty_database(cluster, "refused")
    there.must("user", "create", "ada@example.org", "--password-stdin", typed="a good long pass phrase\n")
    there.python("from parley.accounts.models import User; User.objects.update(name='x' * 500)")
    refused = there.parley("move", "--to", url)

    assert refused.returncode == 1
    assert "accounts_user cannot be written" in refused.stderr
    assert "column name" in refused.stderr
    assert at(there, url).python("from parley.accounts.models import User; print(User.objects.count())") == "0"


SEALED = "from parley.providers.models import Endpoint; print(Endpoint.objects.get(name='Sealed').api_key)"
ADD_A_GROUP = "from django.contrib.auth.models import Group; Group.objects.create(name='new'); print('added')"
SEARCH = """
from parley.accounts.access import Member
from parley.accounts.models import Membership, Role
from parley.conversations.search import search_messages
m = Membership.objects.order_by("id")[0]
print(len(search_messages(Member(m.user_id, m.workspace_id, Role.OWNER, "", ""), "turmeric7")[0]))
"""
PARTITIONS = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT tableoid::regclass::text FROM conversations_message WHERE id < '01990000-0000-7000-8000-000000000000'")
    found = {name for name, in cursor.fetchall()}
print("none by default" if found and not any("default" in name for name in found) else found)
"""

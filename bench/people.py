"""`python -m bench.people --data DIR --count N`: adds N users and prints an API key for each, one a line.

In one process that asks the rooms, not through the command line: a start of Parley for each of 600 users takes ten minutes.
Each simulated browser is its own person, as in life; were they all one person, each would be told what all others do.
"""

import argparse
import os
from pathlib import Path

from parley.core.env_file import apply_env_file


def main() -> None:
    """Add the people."""
    parser = argparse.ArgumentParser(prog="bench.people")
    parser.add_argument("--data", required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    os.environ["PARLEY_DATA"] = str(Path(options.data).resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.settings"
    apply_env_file(Path(os.environ["PARLEY_DATA"]))  # of a fleet

    import django  # after the environment: it reads its settings when it is set up

    django.setup()
    from parley.accounts.access import member_for_user
    from parley.accounts.actions import create_key, create_user

    for number in range(options.count):
        user = create_user(f"browser{number}@example.org")
        print(create_key(member_for_user(user.id), name="bench").plain)


if __name__ == "__main__":
    main()

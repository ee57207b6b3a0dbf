"""The command `parley`: start it, add people and keys, and ask what is wrong.

Exit codes: 0 done · 1 refused, with the reason and the remedy on stderr · 2 the command line itself is wrong.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from parley.core.alone import alone
from parley.core.env import FALSE, TRUE, BadSetting, data_dir, env_int, env_str
from parley.core.env_file import apply_env_file
from parley.core.errors import ParleyError
from parley.keeping import commands as keeping

if TYPE_CHECKING:
    from parley.accounts.models import User

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_FLEET_PORT = 8443

# Django is imported inside the commands: it reads its settings when it is, and --data must be known before that.


class Refused(Exception):
    """One line for stderr."""


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        chosen = command_line().parse_args(arguments)
        _set_up(chosen)
        run: Callable[[argparse.Namespace], None] = chosen.run
        run(chosen)
    except (Refused, BadSetting, ParleyError) as refused:
        print(f"parley: {refused}", file=sys.stderr)
        return 1
    return 0


# --- Commands ---------------------------------------------------------------------------------------------------------


def up(chosen: argparse.Namespace) -> None:
    from parley.accounts.actions import found_instance, issue_sign_in_link
    from parley.accounts.queries import find_awaited_owner
    from parley.serve import serve

    _check_start()
    _prepare_database()
    found_instance()
    # Until the owner has come in, each start shows a way: the first one may have ended before anybody could use it.
    owner = find_awaited_owner()
    token = issue_sign_in_link(owner.id) if owner else None
    serve(chosen.host, chosen.port, sign_in_token=token, models=chosen.models)


def fleet(chosen: argparse.Namespace) -> None:
    try:
        from parley.fleet.fleet import Fleet
    except ModuleNotFoundError as missing:
        raise Refused(
            f"{missing.name} is not installed. Run: make fleet  (or: pip install -r requirements/fleet.txt)"
        ) from None
    folder = data_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(folder):
        Fleet(folder, chosen.port).run()


def migrate(chosen: argparse.Namespace) -> None:
    from parley.accounts.actions import found_instance, issue_sign_in_link
    from parley.accounts.queries import find_awaited_owner
    from parley.embedded import ring_at_start
    from parley.serve import catch_up

    _check_start()
    _prepare_database()
    found_instance()
    catch_up()
    ring_at_start()
    owner = find_awaited_owner()
    if owner:
        print(f"Sign in, once, with this link: {_link(issue_sign_in_link(owner.id))}")


def create_user(chosen: argparse.Namespace) -> None:
    from parley.accounts import actions
    from parley.accounts.models import Role

    _prepare_database()
    password = _password() if chosen.password_stdin else None
    # Whoever comes first owns the instance, as the owner does whom `parley up` makes.
    user = actions.found_instance(chosen.email, password)
    if user is None:
        user = actions.create_user(chosen.email, password=password, role=Role.ADMIN if chosen.admin else Role.MEMBER)
    if password is None:
        print(_link(actions.issue_sign_in_link(user.id)))


def create_link(chosen: argparse.Namespace) -> None:
    from parley.accounts.actions import issue_sign_in_link

    _prepare_database()
    print(_link(issue_sign_in_link(_user(chosen.email).id)))


def create_key(chosen: argparse.Namespace) -> None:
    from parley.accounts.access import member_for_user
    from parley.accounts.actions import create_key

    _prepare_database()
    print(create_key(member_for_user(_user(chosen.email).id), name=chosen.name).plain)


def pull_model(chosen: argparse.Namespace) -> None:
    from parley.pulling import is_folder, offer, pull

    if is_folder(chosen.model):
        offer(chosen.model, chosen.name)
    else:
        pull(chosen.model, chosen.revision)


def list_models(chosen: argparse.Namespace) -> None:
    from parley.pulling import list_models

    list_models()


def check(chosen: argparse.Namespace) -> None:
    from django.conf import settings
    from django.core.checks import ERROR, run_checks

    found = [message for message in run_checks(include_deployment_checks=settings.HTTPS) if not message.is_silenced()]
    for message in found:
        kind = "error" if message.level >= ERROR else "warning"
        print(f"{kind}: {message.msg}\n  fix: {message.hint or 'see ' + str(message.id)}")
    if any(message.level >= ERROR for message in found):
        raise Refused("not ready to serve.")
    if _has_old_tables():
        print("note: the database is new, or of an older version; the next start brings it up to date.")
    print(f"Parley is in order. Data: {settings.DATA_DIR}")


def health(chosen: argparse.Namespace) -> None:
    """Ask the processes of this machine themselves: it needs no Django, so that a probe may call it every few seconds."""
    from parley.core.window import look_into_windows

    page = "/healthz/live" if chosen.live else "/healthz/ready"
    seen = [one for one in look_into_windows(data_dir(), page) if one.process.startswith(f"{chosen.part or ''}")]
    for one in seen:
        print(f"{one.process}: {'ok' if one.status == 200 else one.body.decode() or 'does not answer'}")
    if not seen:
        raise Refused(f"no process {chosen.part or 'of Parley'} runs here on {data_dir()}.")
    if any(one.status != 200 for one in seen):
        raise Refused("not ready." if not chosen.live else "not alive.")


# --- Steps ------------------------------------------------------------------------------------------------------------


def _set_up(chosen: argparse.Namespace) -> None:
    os.umask(0o077)  # whatever this command makes holds people's words or secrets
    if chosen.data:
        os.environ["PARLEY_DATA"] = chosen.data
    if chosen.run in (fleet, health):
        return  # the settings of a fleet are known when its servers run; health asks others
    apply_env_file(data_dir())
    if chosen.prepare:
        chosen.prepare(chosen)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
    try:
        import django

        django.setup()
    except OSError as error:
        raise Refused(
            f"cannot use {error.filename}: {error.strerror}. Choose a folder you may write to with --data."
        ) from None


def _prepare_database() -> None:
    """Bring the tables up to this version."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from parley.core.turns import long_work

    try:
        if _has_old_tables():  # asking first saves half a second of each start
            with long_work("migrate"):  # several processes may start at once; the others find nothing left to do
                call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    except DatabaseError as error:
        raise Refused(f"cannot use the database {connection.settings_dict['NAME']}: {error}.") from None


def _has_old_tables() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _check_start() -> None:
    """Refuse to serve what cannot be safe; warn about the rest."""
    from django.core.checks import ERROR, run_checks

    for message in run_checks(tags=["parley"]):
        if message.level >= ERROR:
            raise Refused(f"{message.msg} {message.hint}")
        print(f"parley: {message.msg} {message.hint}", file=sys.stderr)


def _user(email: str) -> "User":
    from parley.accounts.models import User

    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise Refused(f"there is no user {email}. Make one with: parley user create {email}")
    return user


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Refused("--password-stdin found no password on the first line of its input.")
    return password


def _link(token: str) -> str:
    from django.conf import settings

    ours = f"http://{DEFAULT_HOST}:{env_int('PARLEY_PORT', DEFAULT_PORT)}"
    return f"{settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ours}/sign-in/{token}"


# --- The command line -------------------------------------------------------------------------------------------------


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley", description="A chat platform that loses nothing.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = _command(commands, "up", up, "start Parley")
    serve.add_argument("--host", default=env_str("PARLEY_HOST", DEFAULT_HOST), help="default: %(default)s")
    serve.add_argument("--port", type=int, default=env_int("PARLEY_PORT", DEFAULT_PORT), help="default: %(default)s")

    told = "with local models, in a process beside this one; --models=inside: in this one; see docs/settings.md"
    choices = ("on", "inside", "off")
    serve.add_argument("--models", nargs="?", const="on", default=_models(), choices=choices, help=told)

    whole = _command(commands, "fleet", fleet, "start a fleet of many processes on this machine, with all its servers")
    port = env_int("PARLEY_PORT", DEFAULT_FLEET_PORT)
    whole.add_argument(
        "--port", type=int, default=port, help="of https://127.0.0.1; 0: a free one; default: %(default)s"
    )
    _command(commands, "migrate", migrate, "bring the database up to this version; the first step of a fleet's upgrade")

    users = commands.add_parser("user", help="add people").add_subparsers(required=True, metavar="COMMAND")
    user = _command(
        users, "create", create_user, "add a person; prints a one-time sign-in link unless a password is given"
    )
    user.add_argument("email")
    user.add_argument("--admin", action="store_true", help="may manage people, models and bots")
    user.add_argument("--password-stdin", action="store_true", help="read the password from the first line of stdin")
    _command(users, "link", create_link, "print a new one-time sign-in link").add_argument("email")

    gone = _command(users, "delete", keeping.forget_person, "delete a person with all that is theirs, for ever")
    gone.add_argument("email")
    gone.add_argument("--yes", action="store_true", help="do it")

    keys = commands.add_parser("key", help="make API keys").add_subparsers(required=True, metavar="COMMAND")
    key = _command(keys, "create", create_key, "print a new API key, and nothing else")
    key.add_argument("email")
    key.add_argument("--name", required=True, help="what it is for")

    models = commands.add_parser("model", help="models of this machine").add_subparsers(
        required=True, metavar="COMMAND"
    )
    pulled = _command(
        models, "pull", pull_model, "download a model of the Hugging Face hub; the same again goes on where it ended"
    )
    pulled.add_argument("model", help="as the hub has it, owner/model; or a folder with one in it: ./FOLDER or /FOLDER")
    pulled.add_argument("--name", default="", help="what a model from a folder is to be called; default: as its folder")
    pulled.add_argument("--revision", default="main", help="a branch, a tag or a commit; default: %(default)s")
    _command(models, "list", list_models, "print the models of this machine, and the downloads that are not done")

    _command(commands, "check", check, "say what is wrong, and the fix")
    well = _command(
        commands, "health", health, "ask each process of this machine whether it is ready; exits with 1 if not"
    )
    well.add_argument("--part", choices=("all", "web", "worker", "beat"), help="only these")
    well.add_argument("--live", action="store_true", help="ask only whether it lives")
    keeping.add_to(commands, _command)
    return parser


def _models() -> str:
    """What PARLEY_MODELS says."""
    said = env_str("PARLEY_MODELS", "off").lower()
    known = {"inside": "inside"} | dict.fromkeys(TRUE, "on") | dict.fromkeys(FALSE, "off")
    if said not in known:
        raise BadSetting(f"PARLEY_MODELS is {said!r}; write 'on', 'inside' or 'off'.")
    return known[said]


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    explained: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=explained)
    parser.add_argument("--data", metavar="DIR", help="the data folder; default: PARLEY_DATA")
    parser.set_defaults(run=run, prepare=None)
    return parser

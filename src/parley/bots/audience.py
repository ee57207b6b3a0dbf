"""Who may use a bot: everybody of the workspace, its maker alone, or also those whom the maker has let in."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from parley.accounts.access import Member
from parley.accounts.models import Membership, Role
from parley.bots.models import Admission, Bot
from parley.core.errors import Invalid

Who = Literal["everyone", "chosen", "maker"]
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Audience:
    """As a person writes it down. `roles` and `people` (e-mail addresses) matter only where `who` is "chosen"."""

    who: Who = "everyone"
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """The same as a turn needs it: no query."""

    who: str
    maker_id: UUID | None
    roles: frozenset[str] = frozenset()
    people: frozenset[UUID] = frozenset()

    def admits(self, member: Member) -> bool:
        """Admins look after what is shared; what is its maker's alone is nobody else's."""
        if self.who == Bot.Audience.EVERYONE or member.user_id == self.maker_id:
            return True
        if self.who == Bot.Audience.MAKER:
            return False
        return member.is_admin or member.role in self.roles or member.user_id in self.people


def doorkeeper_of(bot: Bot) -> Doorkeeper:
    """Reads the admissions only where there are any to read."""
    admissions = list(bot.admissions.all()) if bot.audience == Bot.Audience.CHOSEN else []
    return Doorkeeper(
        bot.audience,
        bot.made_by_id,
        frozenset(one.role for one in admissions if one.role),
        frozenset(one.user_id for one in admissions if one.user_id),
    )


def usable_by(member: Member) -> QuerySet[Bot]:
    """The rows that `Doorkeeper.admits` lets through, archived ones too."""
    mine = Q(made_by_id=member.user_id)
    chosen = Q(audience=Bot.Audience.CHOSEN)
    if not member.is_admin:
        let_in = Admission.objects.filter(Q(user_id=member.user_id) | Q(role=member.role), bot=OuterRef("pk"))
        chosen &= Q(Exists(let_in))
    everyone = Q(audience=Bot.Audience.EVERYONE)
    return Bot.objects.filter(everyone | mine | chosen, workspace_id=member.workspace_id)


def audience_of(bot: Bot) -> Audience:
    """As its editor shows it. Two queries at most."""
    if bot.audience != Bot.Audience.CHOSEN:
        return Audience("maker" if bot.audience == Bot.Audience.MAKER else "everyone")
    admissions = list(bot.admissions.select_related("user"))
    roles = tuple(sorted(one.role for one in admissions if one.role))
    return Audience("chosen", roles, tuple(sorted(one.user.email for one in admissions if one.user)))


def admissions_for(bot: Bot, audience: Audience) -> list[Admission]:
    """The rows, not stored yet. Raises `Invalid` for an address that nobody of the workspace has."""
    if audience.who not in get_args(Who):
        raise Invalid(f"A bot is for one of: {', '.join(get_args(Who))}.")
    if audience.who != "chosen":
        return []
    if unknown := set(audience.roles) - set(Role.values):
        raise Invalid(f"There is no role called '{min(unknown)[:40]}'. There are: {', '.join(Role.values)}.")
    if len(audience.people) > MOST_PEOPLE:
        raise Invalid(f"At most {MOST_PEOPLE} people can be named. Choose a role instead.")
    wanted = {address.strip().lower() for address in audience.people if address.strip()}
    found = _ids_by_address(bot.workspace_id, wanted)
    if missing := wanted - found.keys():
        raise Invalid(f"Nobody in this workspace has the address {min(missing)[:200]}. Check it, or invite them first.")
    roles = [Admission(bot=bot, role=role) for role in dict.fromkeys(audience.roles)]
    return roles + [Admission(bot=bot, user_id=user_id) for user_id in found.values()]


def _ids_by_address(workspace_id: UUID, addresses: set[str]) -> dict[str, UUID]:
    same = Q()
    for address in addresses:
        same |= Q(user__email__iexact=address)
    rows = Membership.objects.filter(same, workspace_id=workspace_id).values_list("user__email", "user_id")
    return {email.lower(): user_id for email, user_id in rows} if addresses else {}

"""Whether people who came in some time ago would still come in the same way: a fixed number of statements for any crowd."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.contrib.sessions.models import Session
from django.utils import timezone

from parley.accounts.member import Member
from parley.accounts.models import ApiKey, Membership

AT_ONCE = 1000  # people in one statement

Held = tuple[Member, str]  # who came in, and by what: `session:KEY` or `key:DIGEST`


def lost_standing(held: Sequence[Held]) -> list[bool]:
    """For each, whether the session or key has ended, or the membership is another than it was."""
    return [is_lost for some in _batches(held) for is_lost in _lost_of(some)]


def _lost_of(held: Sequence[Held]) -> Iterator[bool]:
    proofs = {proof for _, proof in held}
    good = {
        f"session:{key}"
        for key in Session.objects.filter(
            session_key__in=[proof.removeprefix("session:") for proof in proofs], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    } | {
        f"key:{digest}"
        for digest in ApiKey.objects.filter(digest__in=[proof.removeprefix("key:") for proof in proofs]).values_list(
            "digest", flat=True
        )
    }
    memberships = set(
        Membership.objects.filter(user_id__in={member.user_id for member, _ in held}, user__is_active=True).values_list(
            "user_id", "workspace_id", "role"
        )
    )
    for member, proof in held:
        stands = (member.user_id, member.workspace_id, member.role) in memberships
        yield not (stands and proof in good)


def _batches(held: Sequence[Held]) -> Iterator[Sequence[Held]]:
    rest = iter(held)
    while some := list(islice(rest, AT_ONCE)):
        yield some

"""Who stands at the door: someone with a bearer key, or with a session cookie and the CSRF token of our page."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from parley.accounts.access import Member, member_for_key, member_for_session
from parley.api.pages import FOREIGN
from parley.core.errors import NotAllowed, NotSignedIn
from parley.core.log import bind


def member_of(request: HttpRequest) -> Member:
    """The member that the door let in. Every route has one, but those that say `auth=None`."""
    member = getattr(request, "auth", None)
    if not isinstance(member, Member):
        raise NotSignedIn
    return member


def _known(member: Member) -> Member:
    """From here on, the lines of this request say whose it is."""
    bind(user=member.user_id, workspace=member.workspace_id)
    return member


class BearerKey(HttpBearer):
    """`Authorization: Bearer KEY`. A wrong key ends here: it never falls back on the cookie that may come along."""

    def authenticate(self, request: HttpRequest, token: str) -> Member:
        return _known(member_for_key(token))


class SessionCookie(APIKeyCookie):
    """The browser's session. Ninja's own would answer 403 to a stranger without any cookie; that one must hear 401."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Member | None:
        return self.authenticate(request, request.COOKIES.get(self.param_name))

    def authenticate(self, request: HttpRequest, key: str | None) -> Member | None:
        if not key:
            return None
        if check_csrf(request):
            raise NotAllowed(FOREIGN)
        return _known(member_for_session(key))


# The key first: a program that sends one has no CSRF token.
ways_in = [BearerKey(), SessionCookie()]

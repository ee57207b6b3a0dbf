"""The doors of signing in: django-allauth's, as far as Parley opens them, and the one-time link.

Its doors that send mail (reset a password, change an address) stay shut until Parley can send any.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.headless.account import views
from allauth.headless.account.inputs import ChangePasswordInput, LoginInput
from allauth.headless.base.response import ForbiddenResponse
from allauth.headless.base.views import ConfigView
from allauth.headless.constants import Client
from django.contrib.auth import login
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from parley.accounts.actions import use_sign_in_link
from parley.accounts.passwords import MOST_CHARACTERS
from parley.api.pages import page

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # a browser or a mail program that looks at links before the person does


class ShortLogin(LoginInput):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].validators.append(MaxLengthValidator(MOST_CHARACTERS))


class ShortChange(ChangePasswordInput):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["current_password"].validators.append(MaxLengthValidator(MOST_CHARACTERS))


class Login(views.LoginView):
    input_class = ShortLogin


class ChangePassword(views.ChangePasswordView):
    input_class = ShortChange


class SignUp(views.SignupView):
    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth looks at the address before it asks whether sign-up is open, and so would tell who has an account."""
        if not get_adapter().is_open_for_signup(request):
            return ForbiddenResponse(request)
        answer: HttpResponseBase = super().handle(request, *args, **kwargs)
        return answer


def _door(address: str, view: Any, name: str) -> URLPattern:
    return path(f"browser/v1/{address}", view.as_api_view(client=Client.BROWSER), name=name)


allauth_doors = [
    _door("config", ConfigView, "config"),
    _door("auth/session", views.SessionView, "current_session"),
    _door("auth/login", Login, "login"),
    _door("auth/signup", SignUp, "signup"),
    _door("auth/reauthenticate", views.ReauthenticateView, "reauthenticate"),
    _door("account/password/change", ChangePassword, "change_password"),
]


@require_safe
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a one-time link. Only a person's own GET uses it up."""
    if request.method == "HEAD" or any("prefetch" in request.headers.get(name, "") for name in AHEAD):
        return HttpResponse(status=204)
    user = use_sign_in_link(token)
    if user is None:
        return page(
            "This link does not work any more",
            "A sign-in link works once, for a day. Whoever runs this Parley can make another one on its machine:",
            status=410,
            command="parley user link EMAIL",
        )
    login(request, user)
    response = HttpResponseRedirect("/")
    response.status_code = 303
    return response

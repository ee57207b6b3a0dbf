"""The doors of signing in: django-allauth's, as far as Parley opens them, and the one-time link.

Its doors that send mail (reset a password, change an address) stay shut until Parley can send any.
"""

from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.headless.account import views
from allauth.headless.account.inputs import ChangePasswordInput, LoginInput, SignupInput
from allauth.headless.base.response import ForbiddenResponse
from allauth.headless.base.views import ConfigView
from allauth.headless.constants import Client
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from parley.accounts.actions import use_sign_in_link
from parley.accounts.models import User
from parley.accounts.passwords import MOST_CHARACTERS
from parley.api.pages import page
from parley.api.problems import problem
from parley.core.errors import ParleyError
from parley.core.strict_json import parse_json

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # a browser or a mail program that looks at links before the person does


class ShortLogin(LoginInput):  # type: ignore[misc] # allauth ships no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].validators.append(MaxLengthValidator(MOST_CHARACTERS))


class ShortChange(ChangePasswordInput):  # type: ignore[misc] # allauth ships no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["current_password"].validators.append(MaxLengthValidator(MOST_CHARACTERS))


class FullSignUp(SignupInput):  # type: ignore[misc] # allauth ships no types
    def clean(self) -> Any:
        """allauth asks our rules about the password alone; one of them is that it is not the address."""
        cleaned = super().clean()
        try:
            if not self.errors:
                get_adapter().clean_password(cleaned["password"], user=User(email=cleaned["email"]))
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned


class Login(views.LoginView):  # type: ignore[misc] # allauth ships no types
    input_class = ShortLogin


class ChangePassword(views.ChangePasswordView):  # type: ignore[misc] # allauth ships no types
    input_class = ShortChange


class SignUp(views.SignupView):  # type: ignore[misc] # allauth ships no types
    input_class = FullSignUp

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """allauth looks at the address before it asks whether sign-up is open, and so would tell who has an account."""
        if not get_adapter().is_open_for_signup(request):
            return ForbiddenResponse(request)
        try:
            return super().handle(request, *args, **kwargs)
        except ParleyError as error:  # somebody took the address between the look and the write
            return problem(error)


def _door(address: str, view: Any, name: str) -> URLPattern:
    answer = view.as_api_view(client=Client.BROWSER)

    @wraps(answer)
    def strict(request: HttpRequest) -> Any:
        """allauth's own parser fails on what is too deep or too long a number; ours refuses it."""
        try:
            if request.body:
                parse_json(request.body)
            return answer(request)
        except ParleyError as error:  # also when attempts cannot be counted
            return problem(error)

    return path(f"browser/v1/{address}", strict, name=name)


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

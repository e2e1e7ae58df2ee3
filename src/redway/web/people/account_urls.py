"""The few addresses of django-allauth that Redway uses. Sign-up and e-mail management are not among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as council
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions import views as sessions
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from redway.web.people.declarations import public, signed_in
from redway.web.people.models import Person

View = Callable[..., HttpResponseBase]


def _with(declare: Callable[[View], View], view: View) -> View:
    """The library's view under a declaration of ours, without touching the library's."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return declare(opened)


_sign_in = public("People come in here")
_own = signed_in("Everybody looks after their own keys", before_second_factor=True)
_leaving = signed_in("Everybody may leave", without_role=True, before_second_factor=True)


@wraps(account.password_change)
def _change_password(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    # Those who come in by the council's own service have no password here to change.
    if not isinstance(request.user, Person) or not request.user.has_usable_password():
        raise Http404
    response: HttpResponseBase = account.password_change(request, *args, **kwargs)
    return response


urlpatterns: list[URLPattern] = [
    path("sign-in/", _with(_sign_in, account.login), name="account_login"),
    path("sign-in/code/", _with(_sign_in, second_factor.authenticate), name="mfa_authenticate"),
    path("sign-out/", _with(_leaving, account.logout), name="account_logout"),
    path("confirm/", _with(_own, account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", _with(_own, second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("password/", _with(_own, _change_password), name="account_change_password"),
    path("second-factor/", _with(_own, second_factor.index), name="mfa_index"),
    path("second-factor/add/", _with(_own, totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/remove/", _with(_own, totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", _with(_own, recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/make/",
        _with(_own, recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        _with(_own, recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("sessions/", _with(_own, sessions.list_usersessions), name="usersessions_list"),
]


def council_patterns() -> list[URLPattern]:
    """Addresses of the sign-in by the council's own service; there only where it is set."""
    return [
        path(
            "council/<slug:provider_id>/", _with(_sign_in, openid_connect.login), name="openid_connect_login"
        ),
        path(
            "council/<slug:provider_id>/callback/",
            _with(_sign_in, openid_connect.callback),
            name="openid_connect_callback",
        ),
        path(
            "council-cancelled/",
            _with(_sign_in, council.login_cancelled),
            name="socialaccount_login_cancelled",
        ),
        path("council-error/", _with(_sign_in, council.login_error), name="socialaccount_login_error"),
    ]


if settings.REDWAY_OPENID_CONNECT:
    urlpatterns += council_patterns()

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "redway.web.register"
    label = "register"
    verbose_name = "Register"

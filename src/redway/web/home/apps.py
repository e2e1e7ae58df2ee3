"""The home application: no models; it asks the other rooms what is new, due or waiting."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "redway.web.home"
    label = "home"
    verbose_name = "Home"

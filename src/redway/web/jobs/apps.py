from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "redway.web.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Each room registers its kinds of work in its ``jobs.py``."""
        autodiscover_modules("jobs")

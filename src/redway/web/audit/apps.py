from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "redway.web.audit"
    label = "audit"

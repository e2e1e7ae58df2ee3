"""What gunicorn serves."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from redway.web import start

start()
application = get_wsgi_application()

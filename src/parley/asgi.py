"""Where requests enter: HTTP to Django, `/ws` to the socket."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")

from django.core.asgi import get_asgi_application  # noqa: E402 - Django reads the settings when it is imported

django_application = get_asgi_application()
application = django_application

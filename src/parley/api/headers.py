"""What every answer tells the browser about how far to trust it."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

CLOSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED),
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    # MUI's emotion writes its rules into <style> elements as components appear. A style cannot run; a script could.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "frame-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
# Diagrams are drawn from what models write, in a frame without an origin: it can reach nothing but its own scripts.
SANDBOX_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
PRIVATE = ("/api/", "/v1/", "/_allauth/", "/sign-in/", "/healthz/")


FROM_CDN = ("script-src", "style-src", "img-src", "font-src")


def content_policy(sockets: str = "", *, cdn: str = "") -> str:
    """`sockets` names the host of `/ws`: older browsers do not count it as 'self'. `cdn` is where the files come from."""
    words = {**POLICY, "connect-src": f"'self' ws://{sockets} wss://{sockets}" if sockets else "'self'"}
    if cdn:
        words |= {directive: f"{words[directive]} {cdn}/assets/" for directive in FROM_CDN}
    return "; ".join(f"{directive} {sources}" for directive, sources in words.items())


class SecurityHeaders(MiddlewareMixin):
    """Outermost, so that errors and redirects of the others carry them, too."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

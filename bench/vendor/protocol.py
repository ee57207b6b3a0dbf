"""HTTP/1.1 by hand: httptools parses, one method a route. No framework: it would cost more than the replies."""

import asyncio
from typing import cast

import httptools
import orjson

from bench.vendor.behaviours import behaviour_of
from bench.vendor.call import CREATED, Call, response
from bench.vendor.control import Control
from bench.vendor.embeddings import embeddings
from bench.vendor.scripts import Script
from bench.vendor.wheel import Job

REFUSALS = {
    400: ("We could not parse the JSON body of your request.", "invalid_json"),
    401: ("Incorrect API key provided.", "invalid_api_key"),
    403: ("Your country is not supported.", "unsupported_country"),
    404: ("The model does not exist or you do not have access to it.", "model_not_found"),
    429: ("Rate limit reached for requests.", "rate_limit_exceeded"),
    500: ("The server had an error while processing your request.", "server_error"),
    529: ("Overloaded.", "overloaded"),
}


class VendorProtocol(asyncio.Protocol):
    """One connection of a client. Calls on it come one after another."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.call: Call | None = None
        self.job: Job | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.parser = httptools.HttpRequestParser(self)
        self.on_message_begin()

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.call:
            self.call.lost()
        if self.job:
            self.job.cancel()

    def on_message_begin(self) -> None:
        self.url = b""
        self.body = b""
        self.key = ""

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"authorization":
            self.key = value.decode("latin-1").removeprefix("Bearer ")
        elif name.lower() == b"expect":
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        method = self.parser.get_method().decode()
        path = self.url.decode("latin-1").partition("?")[0]
        if path.startswith("/control/"):
            self.answer(*self.control.answer(method, path, self.body))
        elif path.endswith("/elsewhere"):
            self.control.counters.redirects_followed += 1
            self.answer(200, {"followed": True})
        elif not self.key or self.key.startswith("sk-bad"):
            self.refuse(401)
        elif method == "GET" and path.endswith("/models"):
            self.answer(200, {"object": "list", "data": [model_card(name) for name in self.control.models]})
        elif method == "POST" and path.endswith("/chat/completions"):
            self.start_call()
        elif method == "POST" and path.endswith("/embeddings"):
            self.answer(*embeddings(self.body))
        else:
            self.answer(404, {"error": {"message": f"Invalid URL ({method} {path})", "type": "invalid_request_error"}})

    def answer(self, status: int, body: object) -> None:
        """Answer what is not a call."""
        self.transport.write(response(status, orjson.dumps(body)))

    def refuse(self, status: int) -> None:
        """Answer what is not a call with an error of OpenAI's."""
        message, code = REFUSALS[status]
        self.answer(status, {"error": {"message": message, "type": "invalid_request_error", "code": code}})

    def start_call(self) -> None:
        """Parse a call, count it, and set going the behaviour that its model's name asks for."""
        try:
            body = orjson.loads(self.body)
            model = str(body["model"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self.refuse(400)
            return
        script = self.control.script_for(model)
        if script is None:
            self.refuse(404)
            return
        self.control.counters.bodies.append(body)
        self.call = Call(self.transport, self.control.counters, self.key, model, script, body)
        status = self.refusal(model, script)
        if status:
            self.refuse_call(self.call, status)
            return
        self.job = self.control.wheel.start(behaviour_of(self.call)(self.call))

    def refusal(self, model: str, script: Script) -> int | None:
        """The status with which this call is refused, if it is."""
        if "flaky" in script.extras:
            return 500 if self.control.is_flaky_now(model, script.number("flaky", 1)) else None
        return next((int(name) for name in script.extras if name.isdigit()), None)

    def refuse_call(self, call: Call, status: int) -> None:
        """Refuse as OpenAI does, with `Retry-After` where the script names one."""
        message, code = REFUSALS.get(status, REFUSALS[500])
        seconds = call.script.extras.get(str(status))
        call.refuse(status, message, code, extra=f"Retry-After: {seconds:g}\r\n" if seconds else "")


def model_card(name: str) -> dict[str, object]:
    """A line of the list of models."""
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "mock"}

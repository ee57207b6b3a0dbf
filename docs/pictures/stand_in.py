"""A vendor that speaks OpenAI's wire and says prepared texts word by word, so that pictures show sentences."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Model → seconds between two words, and what it is called on screen.
MODELS = {"brook-8b": (0.0, "Brook 8B"), "river-70b": (0.01, "River 70B"), "delta-slow": (0.09, "Delta")}
TIDES = """Mostly because of the **Moon**. Its pull is stronger on the near side of the Earth than on the far side, and that \
difference stretches the oceans into two bulges.

1. The Earth turns beneath both bulges, so most coasts have **two high tides a day**.
2. The Moon moves on meanwhile; the tides come about 50 minutes later each day.
3. When Sun, Moon and Earth stand in one line, their pulls add up: a *spring tide*.

The pull that matters falls with the cube of the distance:

$$a \\approx \\frac{2 G M r}{d^3}$$

The Sun is far heavier, but so much further away that its share is a little less than half of the Moon's."""
CODE = """Read the file once and keep a running sum:

```python
def running_mean(values):
    total = 0.0
    for count, value in enumerate(values, start=1):
        total += value
        yield total / count
```

It needs the same memory for ten values as for ten million."""
LETTER = "Dear Ms Okafor,\n\nthank you for your patience. Your parts left this morning and should arrive on Thursday."
NOTHING = "Gladly. Tell me a little more, and I will make a first draft."
ANSWERS = {"tide": TIDES, "mean": CODE, "letter": LETTER}


class StandIn(BaseHTTPRequestHandler):
    """Lists its models, and streams an answer that fits the question."""

    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"object": "list", "data": [{"id": name} for name in MODELS]}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = json.dumps(body["messages"][-1]).lower()
        text = next((answer for word, answer in ANSWERS.items() if word in asked), NOTHING)
        if not body.get("stream"):
            message = {"role": "assistant", "content": text}
            self._send("application/json", json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}))
            return
        self._send("text/event-stream", "")
        pace_s = MODELS[body["model"]][0]
        for word in re.findall(r"\s*\S+", text):
            self._event({"choices": [{"index": 0, "delta": {"content": word}}]})
            time.sleep(pace_s)
        usage = {"prompt_tokens": len(asked) // 4, "completion_tokens": len(text) // 4}
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def _event(self, event: object) -> None:
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Says nothing."""


@contextmanager
def stand_in() -> Iterator[str]:
    """The base address of one that runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()

"""`python -m bench.load --socket ws://127.0.0.1:8000/ws --key KEY`: one crowd, by hand."""

import argparse
import json
import resource
import time

import uvloop

from bench.limits import raise_file_limit
from bench.load.browser import Target
from bench.load.crowd import Crowd, Plan
from bench.load.seen import Seen, percentile_ms


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench.load", description="Simulated browsers against one socket.")
    parser.add_argument("--socket", required=True, help="ws://HOST:PORT/ws")
    parser.add_argument("--key", action="append", required=True, help="an API key; several are shared out to the users")
    parser.add_argument("--bot", help="id of the bot to talk to")
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--model", default="mock-150x30", help="what the bot's model says, for the judge")
    parser.add_argument("--stagger", type=float, default=5.0)
    parser.add_argument("--warm", type=float, default=2.0)
    parser.add_argument("--window", type=float, default=10.0)
    parser.add_argument("--fresh", action="store_true", help="a new conversation for each post")
    return parser.parse_args()


def summary(seen: Seen, cpu_s: float) -> dict[str, object]:
    """The numbers, for reading."""
    return {
        **seen.flaws(),
        "error_codes": dict(seen.errors),
        "replies": len(seen.replies),
        "replies_per_s": round(seen.replies_per_s, 1),
        "tokens_per_s": round(seen.tokens_per_s, 1),
        "delay_ms": {f"p{p}": percentile_ms(seen.delays_us, p) for p in (50, 95, 99, 100)},
        "first_token_ms": {f"p{p}": percentile_ms(seen.first_us, p) for p in (50, 95, 99, 100)},
        "to_vendor_ms": {f"p{p}": percentile_ms(seen.to_vendor_us, p) for p in (50, 95)},
        "ack_ms": {f"p{p}": percentile_ms(seen.ack_us, p) for p in (50, 95)},
        "gaps": sum(reply.gaps for reply in seen.replies),
        "client_cores": round(cpu_s, 3),
    }


def main() -> None:
    """Run one plan and print what was seen."""
    options = arguments()
    raise_file_limit()
    target = Target(options.socket, options.key, options.bot)
    plan = Plan(options.users, options.model, options.stagger, options.warm, options.window, fresh=options.fresh)
    spent: list[tuple[float, float]] = []

    def clock() -> None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent.append((time.monotonic(), usage.ru_utime + usage.ru_stime))

    async def run() -> Seen:
        return await Crowd(target, plan, opened=clock, shut=clock).run()

    seen = uvloop.run(run())
    (from_s, from_cpu), (to_s, to_cpu) = spent
    print(json.dumps(summary(seen, (to_cpu - from_cpu) / (to_s - from_s)), indent=2))


if __name__ == "__main__":
    main()

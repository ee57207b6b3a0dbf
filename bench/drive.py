"""One crowd against one server, with everything watched: the meter, the vendor's counters, the judge."""

from collections import Counter
from dataclasses import dataclass

import uvloop

from bench.load.browser import Target
from bench.load.crowd import Crowd, Plan
from bench.load.seen import Seen, percentile_ms
from bench.processes import Meter, Running
from bench.profile import Profile
from bench.rest import Rest
from bench.stage import Stage
from bench.vendor.scripts import read_name

REPLY_S = 5.0  # 150 words at 30 a second
FULL_PACE = 0.95


@dataclass(frozen=True, slots=True)
class Drive:
    """What came of it. `unmatched` are replies whose text is not that of any reply of the vendor."""

    plan: Plan
    seen: Seen
    meter: Meter
    unmatched: int
    vendor_lag_ms: float

    @property
    def flaws(self) -> dict[str, int]:
        """Everything that must be nought."""
        return self.seen.flaws() | {"not the vendor's text": self.unmatched}

    @property
    def is_flawless(self) -> bool:
        """Whether it all is."""
        return not any(self.flaws.values())

    @property
    def pace(self) -> float:
        """Words that came, of those that so many streams should say in the window."""
        script = read_name(self.plan.model)
        assert script
        asked = self.plan.users * script.rate
        return self.seen.tokens_per_s / asked if asked else 1.0

    @property
    def delay_p95_ms(self) -> float:
        """Added delay per word."""
        return percentile_ms(self.seen.delays_us, 95)

    @property
    def cpu_s_per_1000_tokens(self) -> float:
        """What the server's process tree used in the window."""
        return self.meter.spent_s["server"] / len(self.seen.delays_us) * 1000

    def notes(self) -> dict[str, object]:
        """What else is worth knowing."""
        seen = self.seen
        return {
            "users": self.plan.users,
            "flaws": self.flaws,
            "codes": dict(seen.errors),
            "replies": len(seen.replies),
            "tokens_per_s": round(seen.tokens_per_s),
            "pace": round(self.pace, 3),
            "delay_ms": {p: round(percentile_ms(seen.delays_us, p), 2) for p in (50, 95, 99, 100)},
            "first_token_ms": {p: round(percentile_ms(seen.first_us, p), 2) for p in (50, 95, 99, 100)},
            "post_to_vendor_ms": {p: round(percentile_ms(seen.to_vendor_us, p), 2) for p in (50, 95)},
            "ack_ms": {p: round(percentile_ms(seen.ack_us, p), 2) for p in (50, 95)},
            "cpu_s_per_1000_tokens": round(self.cpu_s_per_1000_tokens, 4) if seen.delays_us else None,
            "cores": self.meter.cores,
            "healed_gaps": sum(reply.gaps for reply in seen.replies),
            "vendor_lag_ms": round(self.vendor_lag_ms, 1),
        }


def drive(stage: Stage, server: Running, target: Target, plan: Plan) -> Drive:
    """Run a plan against a server on stage."""
    control = Rest(stage.vendor.port)
    control.post("/control/reset")
    meter = Meter.of(server=server, vendor=stage.vendor)
    watchers: list[Meter | Profile] = [meter]
    if stage.profile and server.name == "parley":
        watchers.append(Profile(server, f"{plan.model}-{plan.users}"))

    async def run() -> Seen:
        crowd = Crowd(
            target,
            plan,
            opened=lambda: [watcher.open() for watcher in watchers],
            shut=lambda: [watcher.shut() for watcher in watchers],
        )
        return await crowd.run()

    seen = uvloop.run(run())
    said = control.get("/control/digests")
    control.close()
    unmatched = (seen.digests - Counter(said["digests"])).total()
    return Drive(plan, seen, meter, unmatched, said["max_lag_ms"])


def drive_parley(stage: Stage, plan: Plan) -> Drive:
    """Run a plan against Parley."""
    target = stage.parley.target(plan.model)
    assert stage.parley.running
    return drive(stage, stage.parley.running, target, plan)


def drive_fleet(stage: Stage, plan: Plan) -> Drive:
    """Run a plan against the fleet, through its edge."""
    target = stage.fleet.target(plan.model)
    assert stage.fleet.running
    return drive(stage, stage.fleet.running, target, plan)


def drive_relay(stage: Stage, plan: Plan) -> Drive:
    """Run a plan against the relay."""
    relay = stage.relay(plan.model)
    return drive(stage, relay, Target(f"ws://127.0.0.1:{relay.port}/ws", ["sk-nobody"]), plan)

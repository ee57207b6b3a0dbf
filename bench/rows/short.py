"""How many short replies a second: the price of a message rather than of a token."""

from bench.drive import drive_parley, drive_relay
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.stage import SHORT, Stage

AT_ONCE = 20


def short(stage: Stage) -> list[Figure]:
    """20 users, 8 words without delay, a new conversation for each."""
    plan = Plan(AT_ONCE, SHORT, stagger_s=0.5, warm_s=1.5, window_s=4.0 if stage.quick else 10.0, fresh=True)
    drives = [drive_parley(stage, plan) for _ in range(stage.repeats)]
    floor = drive_relay(stage, plan)
    return [
        Figure(
            "short",
            "short replies, 20 at once",
            "/s",
            tuple(drive.seen.replies_per_s for drive in drives),
            limit=110,
            more_is_better=True,
            floor=(floor.seen.replies_per_s,),
            notes={"parley": [drive.notes() for drive in drives], "relay": floor.notes()},
        )
    ]

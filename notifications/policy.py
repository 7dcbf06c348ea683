"""The numbers of the notices (RULES 22, 43, 44)."""

from dataclasses import dataclass

from core.policy import Section


@dataclass(frozen=True)
class Notices(Section):
    """Hours are local to the recipient; everything else is in seconds.

    `backoff[n]` is the wait after the n-th attempt, its last value holds for all further ones; after `max_attempts` a notice has failed.
    A message that was handed over is looked up after `look_up_after`, then ever more rarely until `look_up_until`.
    """

    name = "notices"
    quiet_from: int = 21
    quiet_until: int = 8
    lease_seconds: int = 30
    backoff: tuple = (10, 60, 300, 1800, 7200)
    max_attempts: int = 8
    look_up_after: int = 30
    look_up_until: int = 86_400
    alarm_after: int = 300

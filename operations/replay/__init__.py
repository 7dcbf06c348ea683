"""Replaying real records: a city's permits as requests, through the real intake, matching and delivery.

`records` reads the file, `people` makes up who asked, `run` moves the clock, `figures` counts.
"""

from operations.replay.run import NotAReplay, replay

__all__ = ["NotAReplay", "replay"]

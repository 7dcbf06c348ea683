"""Replaying real records: a city's permits as requests, through the real intake, matching and delivery.

`records` reads the file, `people` makes up who asked, `run` moves the clock, `figures` counts. With pros who call: `habits` says what each
does with a lead, `callers` does it on their `telephones`, `clockwork` brings it and all that is due into the order of time. With pros who
accept: `takers` answer their offers.
"""

from operations.replay.run import NotAReplay, replay

__all__ = ["NotAReplay", "replay"]

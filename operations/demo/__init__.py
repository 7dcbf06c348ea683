"""The demo: two marketplaces alive, with pros, homeowners and leads of the last three weeks.

sample        reads the bundled records and words of demo/
marketplaces  which marketplaces there are
cast          pros, their teams and settings, the staff
people        homeowners who were never born
clock         lets time pass: looks at leads, folds, delivers
snapshots     photos of a job
story         who asks for what, and when
offers        the same where pros opt in, and what they answer
building      all of it in one transaction
logins        what var/logins.txt says
"""

from operations.demo import logins
from operations.demo.building import Built, NoDemoHere, build

__all__ = ["Built", "NoDemoHere", "build", "logins"]

"""Imported by the worker of `make run`: its pool processes die with it.

A pool process whose worker was killed would finish its task, and a hanging one would never end.
"""

import signal

from celery.signals import worker_process_init

from marketplace.embedded.system import die_with_parent


@worker_process_init.connect
def end_with_the_worker(**_):
    die_with_parent(signal.SIGKILL)

"""Waking a worker. Redis is a doorbell only: the row is the job, and a sweep finds what the bell missed (DESIGN rule 2).

A publish may hang when the broker is frozen, so it happens on a daemon thread after the commit and nobody waits for it.
"""

import os
import queue
import threading

from celery import current_app
from django.db import transaction

PATIENCE = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3, "max_retries": 0}
_bells: queue.Queue = queue.Queue(maxsize=1000)
_thread_of: tuple[int, threading.Thread] | None = None
_lock = threading.Lock()


def ring(task, *ids):
    """After the commit, wake `task` (a Celery task) with `ids`. Lost when the broker is away; never late for the caller."""
    transaction.on_commit(lambda: _put(task, ids), robust=True)


def _put(task, ids):
    _start_thread()
    try:
        _bells.put_nowait((task, ids))
    except queue.Full:
        pass


def _start_thread():
    """One thread a process: a forked worker has none of its parent's."""
    global _thread_of
    with _lock:
        if _thread_of is None or _thread_of[0] != os.getpid() or not _thread_of[1].is_alive():
            thread = threading.Thread(target=_publish, name="doorbell", daemon=True)
            _thread_of = (os.getpid(), thread)
            thread.start()


def _publish():
    """Connections of its own with short time-outs: the consumers' wait long, and a frozen broker must not hold a bell for long."""
    while True:
        task, ids = _bells.get()
        try:
            with current_app.connection_for_write(transport_options=PATIENCE) as connection:
                task.apply_async(args=[str(value) for value in ids], retry=False, expires=60, connection=connection)
        except Exception:
            _drop_waiting()


def _drop_waiting():
    """The broker does not answer: what waits behind would only be older. The sweep takes it."""
    while True:
        try:
            _bells.get_nowait()
        except queue.Empty:
            return

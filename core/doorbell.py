"""Waking a worker. Redis is a doorbell only: the row is the job, and a sweep finds what the bell missed (DESIGN rule 2).

A publish may hang when the broker is frozen, so it happens on a daemon thread after the commit and nobody waits for it.
"""

import os
import queue
import threading
from contextlib import suppress

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
    """A connection of its own with short time-outs: the consumers' wait long, and a frozen broker must not hold a bell for long.
    It stays open, for opening one costs more than what is sent over it."""
    while True:
        with suppress(Exception), current_app.connection_for_write(transport_options=PATIENCE) as connection:
            producer = current_app.amqp.Producer(connection, auto_declare=False)
            while True:
                for task, ids in _wait():
                    task.apply_async(args=[str(value) for value in ids], retry=False, expires=60, producer=producer)
        _wait(patience=0)  # the broker does not answer: what waits behind would only be older; the sweep takes it


def _wait(patience=None) -> dict:
    """The bells that were rung, each once however often; waits `patience` seconds for the first, for ever by default."""
    rung = {}
    try:
        rung[_bells.get(timeout=patience)] = None
        while True:
            rung[_bells.get_nowait()] = None
    except queue.Empty:
        return rung

"""Real processes against the real database, starting together."""

import multiprocessing
import threading
import traceback

from django.db import connections

CONTEXT = multiprocessing.get_context("fork")


def race(jobs) -> list:
    """Run the functions `jobs` at the same instant, a process each, and give back their results in order.

    A job that raises makes the race fail with its traceback. Each process has database connections of its own.
    """
    connections.close_all()
    barrier = CONTEXT.Barrier(len(jobs))
    results = CONTEXT.Queue()
    processes = [CONTEXT.Process(target=_run, args=(number, job, barrier, results)) for number, job in enumerate(jobs)]
    for process in processes:
        process.start()
    answers = dict(results.get(timeout=300) for _ in processes)
    for process in processes:
        process.join(timeout=30)
    failures = [answer for answer in answers.values() if isinstance(answer, Failure)]
    assert not failures, "\n".join(failure.text for failure in failures)
    return [answers[number] for number in range(len(jobs))]


def meeting(parties):
    """A function that comes back when so many processes have called it: for controls, whose race must not be left to chance."""
    barrier = CONTEXT.Barrier(parties)

    def meet():
        try:
            barrier.wait(timeout=20)
        except threading.BrokenBarrierError:
            pass  # the others have nothing more to do

    return meet


class Failure:
    def __init__(self, text):
        self.text = text


def _run(number, job, barrier, results):
    connections.close_all()
    barrier.wait(timeout=60)
    try:
        answer = job()
    except BaseException:
        answer = Failure(traceback.format_exc())
    connections.close_all()
    results.put((number, answer))

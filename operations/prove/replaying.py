"""Every kept decision made again (INVARIANTS 5), by as many processes as there are processors."""

import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context

from django.db import connection

from operations.again import COLUMNS, different

BATCH = 250
KEPT = f"select {', '.join(COLUMNS)} from leads_decision"


def decided_otherwise():
    """Ids of decisions that come out differently from their stored inputs. Holds a few batches in memory, however many there are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(KEPT)
        batches = iter(lambda: cursor.fetchmany(BATCH), [])
        first = next(batches, [])
        if len(first) < BATCH:
            yield from different(first)
        else:
            yield from _shared_out(chain([first], batches))


def _shared_out(batches):
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = deque()
        for batch in batches:
            waiting.append(pool.submit(different, batch))
            if len(waiting) > 2 * processes:
                yield from waiting.popleft().result()
        for last in waiting:
            yield from last.result()

"""Marketplaces of all kinds played at random for long: by one at a time with a clock that jumps, and by several processes at once. Every
few steps everything that is due is done, and every sentence of `prove` holds; nothing is raised but refusals, and nothing deadlocks.

SEEDS=40 STEPS=600 PLAYERS=6 make endurance ARGS='-k play'
"""

import logging
import os
import time
import traceback
from collections import Counter
from multiprocessing import get_context

import pytest

from tests.endurance.test_many_accepts import deadlocks
from tests.play.game import KINDS, Game, open_market
from tests.races.processes import race

pytestmark = pytest.mark.endurance
FIRST, SEEDS, STEPS, PLAYERS = (int(os.environ.get(*each)) for each in (("FIRST", 1), ("SEEDS", 4), ("STEPS", 600), ("PLAYERS", 6)))
EVERY = 60


class Said(logging.Handler):
    """What sweeps log instead of raising it."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        if record.exc_info:
            self.lines.append("".join(traceback.format_exception(*record.exc_info)))


@pytest.fixture
def said():
    handler = Said()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_one_plays_them_all(fresh, kind, seed, said):
    game = Game(open_market(fresh, kind), seed, kind=kind)
    for _ in range(STEPS // EVERY):
        game.play(EVERY)
        broken = game.settle()
        assert (broken, said) == ([], []), "\n".join(f"{name} {at}" for name, at in game.trail[-EVERY:])
    print(f"\n{kind} {seed}: {sum(game.done.values())} done, {sum(game.refused.values())} refused until {game.now}")
    print(f"  {dict(game.done)}\n  {dict(game.refused)}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_several_play_at_once(fresh, kind, seed):
    marketplace = open_market(fresh, kind)
    fork = get_context("fork")
    clock, before = fork.Value("d", 0.0), deadlocks()
    acting = fork.Semaphore(PLAYERS)  # clocks differ by a second, and jump while nobody acts

    def go_on(seconds):
        others = 0 if seconds <= 1 else PLAYERS
        for _ in range(others):
            acting.acquire()
        clock.value += seconds
        for _ in range(others):
            acting.release()

    def player(number):
        def play():
            handler = Said()
            logging.getLogger().addHandler(handler)
            game = Game(marketplace, seed * 1000 + number, kind=kind, shared=clock)
            for _ in range(STEPS):
                with acting:
                    try:
                        game.step()
                    except Exception:
                        handler.lines.append(traceback.format_exc())
                if number == 0 and game.chance.random() < 0.3:
                    go_on(game.chance.choice([1, 1, 1, 5, 60, 60, 300, 600, 3600]))
            return handler.lines, sum(game.done.values()), sum(game.refused.values())

        return play

    started = time.monotonic()
    told = race([player(number) for number in range(PLAYERS)])
    raised = Counter(line for lines, _done, _refused in told for line in lines)
    last = Game(marketplace, seed, kind=kind, shared=clock)
    time.sleep(0.1)
    broken = last.settle()
    done, refused = sum(done for _l, done, _r in told), sum(refused for _l, _d, refused in told)
    print(f"\n{kind} {seed}: {done} done, {refused} refused by {PLAYERS} in {time.monotonic() - started:.0f} s until {last.now}, ", end="")
    print(f"{deadlocks() - before} deadlocks, {sum(raised.values())} raised")
    assert (broken, list(raised), deadlocks() - before) == ([], [], 0), "\n".join(raised)

"""A marketplace of each kind is played at random, and in the end every sentence of `prove` holds. The long plays are in tests/endurance."""

import pytest

from tests.play.game import KINDS, Game, open_market

STEPS = 120


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_played_every_sentence_holds(fresh, kind):
    game = Game(open_market(fresh, kind), 1, kind=kind)
    game.play(STEPS)
    assert game.settle() == []
    assert sum(game.done.values()) > STEPS / 3, "most of it was refused"

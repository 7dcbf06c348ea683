"""Moving a row from one state to the next, once."""

from core.errors import StaleState


def move(row, to, **changes):
    """Guarded UPDATE of `row.state`; `MOVES` beside the model says what may follow what.

    Raises StaleState when the row is no longer in the state we read, or the move is not allowed.
    """
    model = type(row)
    if to not in model.MOVES.get(row.state, ()):
        raise StaleState
    if not model.objects.filter(pk=row.pk, state=row.state).update(state=to, **changes):
        raise StaleState
    for name, value in {"state": to, **changes}.items():
        setattr(row, name, value)
    return row

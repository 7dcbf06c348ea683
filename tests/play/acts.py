"""What makes a function an act: how often it is drawn, and whether it opens its own transactions."""


def collect(acts: list):
    """A decorator that puts acts into this list."""

    def act(weight: float, *, alone=False):
        def mark(function):
            function.weight, function.alone = weight, alone
            acts.append(function)
            return function

        return mark

    return act

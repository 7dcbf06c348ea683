"""A marketplace at play: homeowners, pros, staff, a worker and a clock, each doing at random what it may. `game` is the play, the other
modules are what the players do. `prove` is the referee: whatever was played, every sentence holds."""

"""Identifiers that exist before their row does."""

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """A random UUID (version 7) whose first 48 bits are the millisecond it was made in.

    74 random bits make it unguessable; the time prefix keeps new rows together in an index. PostgreSQL 15 has no uuidv7().
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value & (1 << 128) - 1)

"""How fast is matching, and does it stay as fast? Measured on a scratch database that is filled by COPY and dropped afterwards.

`scratch` makes the database, `market` fills it, `product` routes leads through the use case, `floor` writes the same rows by bare
psycopg2 in as few round trips as possible, `measure` runs both in turns.
"""

from operations.bench.measure import bench_matching

__all__ = ["bench_matching"]

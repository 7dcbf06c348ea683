"""Fills the ZIP map from catalog/data/zips.csv.gz (see ATTRIBUTION.md there). The site reads it and changes nothing."""

import gzip
from pathlib import Path

from django.conf import settings
from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "zips.csv.gz"


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor, gzip.open(FILE, "rt", encoding="utf-8") as rows:
        columns = "code, place, state, county, latitude, longitude, zone, cell, bit"
        cursor.copy_expert(f"copy catalog_zip ({columns}) from stdin with (format csv, header)", rows)
        cursor.execute(f"revoke insert, update, delete on catalog_zip from {settings.DATABASE_APP_ROLE}")
        cursor.execute("analyze catalog_zip")


def empty(apps, schema_editor):
    schema_editor.execute("delete from catalog_zip")


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(fill, empty),
        migrations.RunSQL(
            "create index catalog_zip_place_prefix on catalog_zip (lower(place) text_pattern_ops)",
            "drop index catalog_zip_place_prefix",
        ),
        migrations.RunSQL(
            "create index catalog_zip_latitude on catalog_zip (latitude, longitude)",
            "drop index catalog_zip_latitude",
        ),
    ]

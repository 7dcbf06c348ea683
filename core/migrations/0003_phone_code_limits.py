import django.db.models.deletion
from django.db import migrations, models

import core.tenancy
from core.migration import SecureTable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_text")]

    operations = [
        migrations.CreateModel(
            name="LimitUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "marketplace",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.marketplace",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["marketplace", "key", "at"], name="core_limituse_key")]},
        ),
        SecureTable("LimitUse"),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    """Room in every page of pro_state for the new version of a row: its counters change with each seat, and no index does."""

    dependencies = [("accounts", "0002_sign_in_failures")]

    operations = [
        migrations.RunSQL(
            "alter table accounts_prostate set (fillfactor = 70)",
            "alter table accounts_prostate reset (fillfactor)",
        )
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_language")]

    operations = [
        migrations.AddField(
            model_name="prostate",
            name="paused_until",
            field=models.DateTimeField(help_text="When a pause ends by itself; empty: when the pro starts again.", null=True),
        ),
        migrations.AddField(
            model_name="prostate",
            name="receives_opt_in",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="prostate",
            name="days_off",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Weekdays without leads: Monday 1 to Sunday 64, added."
            ),
        ),
        migrations.AddField(model_name="prostate", name="away_from", field=models.DateField(null=True)),
        migrations.AddField(model_name="prostate", name="away_to", field=models.DateField(null=True)),
        migrations.AddField(model_name="prostate", name="open_cap", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(
            model_name="prostate",
            name="open_work",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Its live matches that it has not finished."),
        ),
    ]

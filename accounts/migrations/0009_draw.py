from django.db import migrations, models


class Migration(migrations.Migration):
    """What a draw reserves of a pro, and what its draws owe it (leads.draw)."""

    dependencies = [("accounts", "0008_profiles")]

    operations = [
        migrations.AddField(
            model_name="prostate",
            name="reserved",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Cents of the draws it waits for: neither spent nor free."
            ),
        ),
        migrations.AddField(
            model_name="prostate",
            name="draw_entitled",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Its shares of the draws it was in, millionths of a seat."
            ),
        ),
        migrations.AddField(
            model_name="prostate",
            name="draw_won",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Seats it was drawn for."),
        ),
        migrations.AddConstraint(
            model_name="prostate",
            constraint=models.CheckConstraint(condition=models.Q(("reserved__gte", 0)), name="accounts_state_reserved"),
        ),
    ]

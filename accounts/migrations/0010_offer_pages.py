from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_draw")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="accept_up_to",
            field=models.PositiveIntegerField(
                blank=True,
                db_default=0,
                default=0,
                help_text="A plain member accepts offers up to so many cents; empty: at any price.",
                null=True,
            ),
        ),
    ]

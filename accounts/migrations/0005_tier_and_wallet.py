from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_marketplace_owner")]

    operations = [
        migrations.AddField(
            model_name="prostate",
            name="tier",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Membership: 3 is told of offers first, 0 is none."
            ),
        ),
        migrations.AddField(
            model_name="prostate",
            name="wallet",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Prepaid cents: what the transfers of its wallet add up to."
            ),
        ),
    ]

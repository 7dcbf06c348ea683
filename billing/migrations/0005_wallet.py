from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_tier_and_wallet"), ("billing", "0004_charge_billable")]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="prepaid",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receivable", "Owed by the pro"),
                    ("leads", "Earned by leads"),
                    ("wallet", "Paid beforehand by the pro"),
                    ("cash", "Money received"),
                ],
                max_length=12,
            ),
        ),
    ]

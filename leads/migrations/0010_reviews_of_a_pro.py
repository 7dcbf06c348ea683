from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0009_open_work")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("test", False)), fields=["marketplace", "pro", "-at"], name="leads_review_of_pro"
            ),
        ),
    ]

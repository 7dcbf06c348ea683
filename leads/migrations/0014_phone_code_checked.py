from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leads", "0013_phone_code")]

    operations = [
        ValidateConstraint(model_name="lead", name=name) for name in ("leads_lead_draft", "leads_lead_confirmed", "leads_lead_deadline")
    ]

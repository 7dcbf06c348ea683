"""The platform's own host counts wrong passwords too, and the admin's record of changes stands behind the wall of its users."""

import accounts.models
import django.db.models.deletion
from django.db import migrations, models

from core.migration import MARKETPLACE_IN_FORCE


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_sign_in_failures"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.AlterField(
            "signinfailure",
            "marketplace",
            models.ForeignKey(
                db_index=False,
                default=accounts.models._marketplace_in_force,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.marketplace",
            ),
        ),
        migrations.RunSQL(
            f"alter policy tenant on accounts_signinfailure using (marketplace_id is not distinct from {MARKETPLACE_IN_FORCE})",
            f"alter policy tenant on accounts_signinfailure using (marketplace_id = {MARKETPLACE_IN_FORCE})",
        ),
        # Django's table has no marketplace: an entry is seen where its user is.
        migrations.RunSQL(
            "alter table django_admin_log enable row level security;"
            "create policy tenant on django_admin_log using (exists (select from accounts_user u where u.id = user_id))",
            "drop policy tenant on django_admin_log; alter table django_admin_log disable row level security",
        ),
    ]

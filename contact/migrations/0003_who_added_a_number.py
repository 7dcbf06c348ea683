import django.db.models.deletion
from django.db import migrations

import core.tenancy
from core.migration import SecureColumns

# Until now the last event of the line said it.
FROM_EVENTS = """
update contact_line l set also_by_id = m.id
from (
  select distinct on (marketplace_id, subject) marketplace_id, subject, actor from core_event
  where kind = 'line.caller_added' order by marketplace_id, subject, id desc
) e
join accounts_member m on m.marketplace_id = e.marketplace_id and 'member:' || m.id = e.actor
where l.also_from <> '' and e.marketplace_id = l.marketplace_id and e.subject = l.id::text and m.pro_id = l.pro_id
"""


class Migration(migrations.Migration):
    """A line knows who added the one more number that its PIN works from."""

    dependencies = [("accounts", "0004_marketplace_owner"), ("contact", "0002_local_carrier")]

    operations = [
        migrations.AddField(
            "line",
            "also_by",
            core.tenancy.TenantKey(
                "accounts.member",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                help_text="Who added that number: it works while they are in the team.",
            ),
        ),
        SecureColumns("Line", "also_by"),
        migrations.RunSQL(FROM_EVENTS, migrations.RunSQL.noop),
    ]

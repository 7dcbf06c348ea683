from django.db import migrations

COUNT = """
update accounts_prostate s set open_work = counted.matches, rev = s.rev + 1
from (
  select marketplace_id, pro_id, count(*) as matches from leads_match
  where state = 'live' and not test and progress in ('new', 'contacted', 'quoted') group by marketplace_id, pro_id
) counted
where s.marketplace_id = counted.marketplace_id and s.pro_id = counted.pro_id and s.open_work <> counted.matches
"""


class Migration(migrations.Migration):
    """Open work is counted from now on: here is where it stands."""

    dependencies = [("accounts", "0007_availability"), ("leads", "0008_offers")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]

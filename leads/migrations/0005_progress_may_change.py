from django.db import migrations

from core.migration import SecureColumns


class Migration(migrations.Migration):
    """The application may write down what a pro says of its work (leads.progress)."""

    dependencies = [("leads", "0004_match_line_and_progress")]

    operations = [SecureColumns("Match", "progress", "progress_at", "won_amount", "lost_reason", updatable=True)]

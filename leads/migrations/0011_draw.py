from django.db import migrations, models

from core.migration import SecureColumns


class Migration(migrations.Migration):
    """The draw of a lead's seats (leads.draw), and offers that hold a seat for a pro that was picked (leads.picked)."""

    dependencies = [("leads", "0010_reviews_of_a_pro"), ("accounts", "0009_draw")]

    operations = [
        migrations.AddField(model_name="lead", name="draws_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="drawn_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="offer",
            name="lead_type",
            field=models.CharField(
                choices=[("automatch", "AutoMatch"), ("choice", "Choice Match"), ("opt_in", "Opt-in")],
                db_default="opt_in",
                default="opt_in",
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="offer", name="slot", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(model_name="offer", name="reserved", field=models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(fields=("marketplace", "lead", "slot"), name="leads_offer_slot"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__isnull", True), models.Q(("slot__gte", 1), ("slot__lte", 4), ("state", "open")), _connector="OR"),
                name="leads_offer_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("reserved", 0), ("state", "waiting"), _connector="OR"), name="leads_offer_reserved"
            ),
        ),
        SecureColumns("Offer", "lead_type", "slot", "reserved", updatable=True),
    ]

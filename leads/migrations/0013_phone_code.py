import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import core.tenancy
from core.migration import SecureTable

# On the way back: without a code there are no drafts.
END_DRAFTS = """
update leads_lead set state = 'closed', outcome = 'rejected', outcome_reason = 'phone_not_confirmed', ended_at = confirm_by, due_at = null
where state = 'draft';
update leads_lead set closes_at = confirm_by where closes_at is null;
"""


class Migration(migrations.Migration):
    """The constraints are checked in the next migration: not to read a big table under the lock that adds them."""

    dependencies = [
        ("core", "0003_phone_code_limits"),
        ("leads", "0012_in_charge"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="phone_check",
            field=models.CharField(
                choices=[("off", "Not asked"), ("optional", "Asked, not required"), ("required", "Required")],
                db_default="off",
                default="off",
                editable=False,
                max_length=8,
            ),
        ),
        migrations.AddField(model_name="lead", name="phone_confirmed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="confirm_by", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="then_automatch", field=models.BooleanField(db_default=False, default=False)),
        migrations.AlterField(
            model_name="lead",
            name="closes_at",
            field=models.DateTimeField(help_text="Empty until the phone is confirmed, where that is required.", null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, END_DRAFTS),
        migrations.AlterField(
            model_name="lead",
            name="state",
            field=models.CharField(
                choices=[("draft", "Draft"), ("new", "New"), ("open", "Open"), ("closed", "Closed")], default="new", max_length=8
            ),
        ),
        AddConstraintNotValid(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="leads_lead_draft",
                condition=models.Q(
                    models.Q(("state", "draft"), _negated=True),
                    models.Q(
                        ("closes_at__isnull", True),
                        ("confirm_by__isnull", False),
                        ("phone_check", "required"),
                        ("phone_confirmed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="leads_lead_confirmed",
                condition=models.Q(
                    models.Q(("phone_check", "required"), _negated=True),
                    ("phone_confirmed_at__isnull", False),
                    ("state", "draft"),
                    models.Q(("outcome__in", ["rejected", "withdrawn"]), ("state", "closed")),
                    _connector="OR",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="leads_lead_deadline",
                condition=models.Q(
                    ("closes_at__isnull", False),
                    models.Q(("phone_check", "required"), ("phone_confirmed_at__isnull", True)),
                    _connector="OR",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "lead",
                    core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="leads.lead"),
                ),
                (
                    "marketplace",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.marketplace",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["marketplace", "lead", "at"], name="leads_phonecode_lead")],
            },
        ),
        SecureTable("PhoneCode", updatable=("attempts",)),
    ]

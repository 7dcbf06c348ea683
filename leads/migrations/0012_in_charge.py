import django.db.models.deletion
from django.db import migrations, models

import core.ids
import core.tenancy
from core.migration import SecureColumns, SecureTable

HERE = models.ForeignKey(
    db_index=False,
    default=core.tenancy.current_id,
    editable=False,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to="core.marketplace",
)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_text"),
        ("leads", "0011_draw"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="hired",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pro", "I hired one of these pros"),
                    ("other", "I hired somebody else"),
                    ("nobody", "I am not hiring any more"),
                ],
                db_default="",
                default="",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="hired_match",
            field=core.tenancy.TenantKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="leads.match"
            ),
        ),
        migrations.AddField(model_name="lead", name="hired_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="waiting_until", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="waiting_due_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="able_at", field=models.DateTimeField(null=True)),
        SecureColumns("lead", "hired_match"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("waiting_due_at__isnull", False)), fields=["marketplace", "waiting_due_at"], name="leads_lead_waiting"
            ),
        ),
        migrations.AddField(model_name="match", name="warn_due_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="match", name="warned_at", field=models.DateTimeField(null=True)),
        SecureColumns("match", "warn_due_at", "warned_at", updatable=True),
        migrations.AlterField(
            model_name="match",
            name="state",
            field=models.CharField(
                choices=[
                    ("live", "Live"),
                    ("withdrawn", "Closed by the homeowner"),
                    ("credited", "Credited"),
                    ("undone", "Undone"),
                    ("replaced", "Replaced by the homeowner"),
                ],
                default="live",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("warn_due_at__isnull", False)), fields=["marketplace", "warn_due_at"], name="leads_match_warn"
            ),
        ),
        migrations.CreateModel(
            name="Reveal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(choices=[("phone", "Phone number"), ("address", "Address")], max_length=8)),
                ("at", models.DateTimeField()),
                ("marketplace", HERE.clone()),
                (
                    "match",
                    core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="reveals", to="leads.match"),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("marketplace", "match", "what"), name="leads_reveal_once")],
            },
        ),
        SecureTable("reveal", immutable=True),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("webp", models.BinaryField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "lead",
                    core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="leads.lead"),
                ),
                ("marketplace", HERE.clone()),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["marketplace", "lead", "at"], name="leads_photo_lead")],
            },
        ),
        SecureTable("photo"),
    ]

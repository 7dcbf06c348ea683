import django.db.models.deletion
from django.db import migrations, models

import core.ids
import core.tenancy
from core.migration import SecureTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_tier_and_wallet"),
        ("billing", "0005_wallet"),
        ("leads", "0007_reviews"),
    ]

    operations = [
        migrations.AddField(model_name="lead", name="offered_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="lead", name="open_to_all_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="match",
            name="state",
            field=models.CharField(
                choices=[
                    ("live", "Live"),
                    ("withdrawn", "Closed by the homeowner"),
                    ("credited", "Credited"),
                    ("undone", "Undone"),
                ],
                default="live",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("tier", models.PositiveSmallIntegerField()),
                ("price", models.PositiveIntegerField()),
                ("estimate", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("opens_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("waiting", "In the draw"),
                            ("accepted", "Accepted"),
                            ("undone", "Undone"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                            ("taken", "Taken by others"),
                            ("withdrawn", "Withdrawn by the homeowner"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too_far", "Too far away"),
                            ("price", "The price of the lead"),
                            ("job", "Not a job I want"),
                            ("busy", "No time for it"),
                            ("other", "Another reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("test", models.BooleanField(default=False)),
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
                (
                    "lead",
                    core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="leads.lead"),
                ),
                (
                    "pro",
                    core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="accounts.pro"),
                ),
                ("terms", core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.terms")),
            ],
            options={
                "ordering": ["-at", "pk"],
                "indexes": [
                    models.Index(fields=["marketplace", "pro", "state", "opens_at"], name="leads_offer_feed"),
                    models.Index(
                        condition=models.Q(("state__in", ["open", "waiting"])),
                        fields=["marketplace", "expires_at"],
                        name="leads_offer_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("marketplace", "lead", "pro"), name="leads_offer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("at__lte", models.F("opens_at")), ("opens_at__lt", models.F("expires_at"))),
                        name="leads_offer_instants",
                    ),
                ],
            },
        ),
        SecureTable(
            "Offer",
            updatable=(
                "price",
                "terms",
                "estimate",
                "tier",
                "at",
                "opens_at",
                "expires_at",
                "round",
                "state",
                "reason",
                "decided_at",
                "undo_until",
            ),
        ),
    ]

import core.ids
import core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from core.migration import SecureTable


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_tier_and_wallet'),
        ('billing', '0005_wallet'),
        ('core', '0002_text'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgeraccount',
            name='kind',
            field=models.CharField(choices=[('receivable', 'Owed by the pro'), ('leads', 'Earned by leads'), ('wallet', 'Paid beforehand by the pro'), ('cash', 'Money received'), ('memberships', 'Earned by memberships')], max_length=12),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('active', 'In force'), ('ended', 'Ended')], default='active', max_length=8)),
                ('tier', models.PositiveSmallIntegerField()),
                ('price', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
                ('period', models.PositiveIntegerField(default=1)),
                ('period_start', models.DateTimeField()),
                ('period_end', models.DateTimeField()),
                ('next_tier', models.PositiveSmallIntegerField()),
                ('next_price', models.PositiveIntegerField()),
                ('due_at', models.DateTimeField(null=True)),
                ('announced_at', models.DateTimeField(null=True)),
                ('warned_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('cancelled', 'Cancelled'), ('unpaid', 'Not enough money in the wallet'), ('not_sold', 'Not sold any more'), ('suspended', 'Account suspended')], max_length=9)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pro')),
            ],
            options={
                'ordering': ['-since'],
            },
        ),
        migrations.CreateModel(
            name='MembershipCharge',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('tier', models.PositiveSmallIntegerField()),
                ('name', models.CharField(help_text='What the tier was called.', max_length=40)),
                ('price', models.PositiveIntegerField()),
                ('amount', models.PositiveIntegerField()),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('membership', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.membership')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pro')),
            ],
            options={
                'ordering': ['-from_at', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['marketplace', 'due_at'], name='billing_membership_due'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['marketplace', 'pro'], name='billing_membership_pro'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('marketplace', 'pro'), name='billing_membership_one'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('next_tier__gte', 0), ('next_tier__lte', models.F('tier')), ('tier__gte', 1)), name='billing_membership_tiers'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('period_start__lt', models.F('period_end'))), name='billing_membership_period'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('end_reason', ''), ('ended_at__isnull', True), ('state', 'active')), models.Q(('due_at__isnull', True), ('ended_at__isnull', False), ('state', 'ended'), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='billing_membership_ended'),
        ),
        migrations.AddIndex(
            model_name='membershipcharge',
            index=models.Index(fields=['marketplace', 'pro', 'from_at'], name='billing_membership_charges'),
        ),
        migrations.AddConstraint(
            model_name='membershipcharge',
            constraint=models.UniqueConstraint(fields=('marketplace', 'membership', 'number', 'tier'), name='billing_membership_charged_once'),
        ),
        migrations.AddConstraint(
            model_name='membershipcharge',
            constraint=models.CheckConstraint(condition=models.Q(('amount__lte', models.F('price'))), name='billing_membership_amount'),
        ),
        SecureTable(
            "Membership",
            updatable=(
                "state", "tier", "price", "period", "period_start", "period_end", "next_tier", "next_price", "due_at", "announced_at",
                "warned_at", "ended_at", "end_reason",
            ),
        ),
        SecureTable("MembershipCharge", immutable=True),
    ]

import core.ids
import core.tenancy
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models
from core.migration import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receivable', 'Owed by the pro'), ('leads', 'Earned by leads')], max_length=12)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pro')),
            ],
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('effective_from', models.DateTimeField()),
                ('pricing', models.CharField(choices=[('flat', 'Flat price per service'), ('percent', 'Share of the estimated job value')], max_length=8)),
                ('prices', models.JSONField(default=dict)),
                ('basis_points', models.PositiveIntegerField(default=0)),
                ('price_min', models.PositiveIntegerField(null=True)),
                ('price_max', models.PositiveIntegerField(null=True)),
                ('discount_bp', models.PositiveIntegerField(default=0)),
                ('discount_seconds', models.PositiveIntegerField(default=1800)),
                ('claim_seconds', models.PositiveIntegerField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('price', models.PositiveIntegerField()),
                ('basis', models.JSONField(help_text='How the price was made: service, pricing, estimate.')),
                ('period', models.PositiveIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('discounted', models.PositiveIntegerField(default=0)),
                ('credited', models.PositiveIntegerField(default=0)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pro')),
                ('terms', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.terms')),
            ],
            options={
                'ordering': ['-opened_at'],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('amount', models.PositiveBigIntegerField()),
                ('charge', core.tenancy.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.charge')),
                ('credit', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.ledgeraccount')),
                ('debit', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.ledgeraccount')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('reverses', core.tenancy.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.transfer')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='ledgeraccount',
            constraint=models.UniqueConstraint(fields=('marketplace', 'kind', 'pro'), name='billing_account_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.UniqueConstraint(fields=('marketplace', 'version'), name='billing_terms_version'),
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(fields=['marketplace', 'pro', 'opened_at'], name='billing_charge_pro'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', django.db.models.expressions.CombinedExpression(models.F('discounted'), '+', models.F('credited')))), name='billing_charge_not_below_zero'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['marketplace', 'charge'], name='billing_transfer_charge'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['marketplace', 'debit', 'at'], name='billing_transfer_debit'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('marketplace', 'reference'), name='billing_transfer_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('marketplace', 'reverses'), name='billing_transfer_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='billing_transfer_positive'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='billing_transfer_two_sides'),
        ),
        SecureTable("Terms", immutable=True),
        SecureTable("LedgerAccount", immutable=True),
        SecureTable("Charge", updatable=("discounted", "credited")),
        SecureTable("Transfer", immutable=True),
    ]

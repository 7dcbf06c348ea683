import core.ids
import core.tenancy
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from core.migration import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('billing', '0001_initial'),
        ('catalog', '0001_initial'),
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('zip', models.CharField(max_length=5)),
                ('place', models.CharField(max_length=80)),
                ('region', models.CharField(max_length=2)),
                ('zone', models.CharField(max_length=64)),
                ('cell', models.PositiveIntegerField()),
                ('bit', models.PositiveSmallIntegerField()),
                ('description', models.TextField(blank=True)),
                ('answers', models.JSONField(default=dict)),
                ('timing', models.CharField(choices=[('now', 'Today or tomorrow'), ('week', 'This week'), ('planning', 'I am planning ahead')], default='week', max_length=10)),
                ('ownership', models.CharField(choices=[('owner', 'Yes, I own it'), ('renter_approved', 'I rent, and the owner agreed')], max_length=16)),
                ('reach', models.CharField(choices=[('any', 'Call or text, 8 AM to 8 PM'), ('evenings', 'Evenings only, 5 PM to 8 PM'), ('message_first', 'Message me first')], default='any', max_length=14)),
                ('different_job', models.BooleanField(default=False)),
                ('estimate', models.PositiveBigIntegerField(help_text='Typical job value, cents.')),
                ('estimate_low', models.PositiveBigIntegerField()),
                ('estimate_high', models.PositiveBigIntegerField()),
                ('estimate_reasons', models.JSONField(default=list)),
                ('source', models.CharField(default='form', max_length=40)),
                ('submit_key', models.CharField(max_length=64)),
                ('content_hash', models.CharField(max_length=64)),
                ('link_version', models.PositiveIntegerField(default=1)),
                ('seed', models.BigIntegerField()),
                ('seats', models.PositiveSmallIntegerField(default=4)),
                ('test', models.BooleanField(default=False)),
                ('submitted_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('new', 'New'), ('open', 'Open'), ('closed', 'Closed')], default='new', max_length=8)),
                ('due_at', models.DateTimeField(null=True)),
                ('routed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('filled', 'Filled'), ('part_filled', 'Part filled'), ('unfilled', 'Unfilled'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('outcome_reason', models.CharField(blank=True, max_length=80)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('group', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='grouped', to='leads.lead')),
                ('guide', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.guideversion')),
                ('homeowner', core.tenancy.TenantOneToOne(on_delete=django.db.models.deletion.PROTECT, related_name='lead', to='accounts.homeowner')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('service', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
            ],
            options={
                'ordering': ['-submitted_at'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('seed', models.BigIntegerField()),
                ('request', models.JSONField()),
                ('candidates', models.JSONField()),
                ('verdicts', models.JSONField()),
                ('winners', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('eligible', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('share', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('folded', models.BooleanField(default=False)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('lead', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='leads.lead')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('version', models.CharField(max_length=20)),
                ('sms_words', models.TextField(blank=True)),
                ('sms', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('ip', models.GenericIPAddressField(null=True)),
                ('page', models.CharField(max_length=200)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('lead', core.tenancy.TenantOneToOne(on_delete=django.db.models.deletion.PROTECT, related_name='consent', to='leads.lead')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slot', models.PositiveSmallIntegerField(null=True)),
                ('lead_type', models.CharField(choices=[('automatch', 'AutoMatch'), ('choice', 'Choice Match'), ('opt_in', 'Opt-in')], max_length=10)),
                ('price', models.PositiveIntegerField()),
                ('estimate', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('live', 'Live'), ('withdrawn', 'Closed by the homeowner')], default='live', max_length=10)),
                ('state_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('test', models.BooleanField(default=False)),
                ('charge', core.tenancy.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='match', to='billing.charge')),
                ('decision', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.decision')),
                ('group', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_matches', to='leads.lead')),
                ('lead', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='leads.lead')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='accounts.pro')),
                ('terms', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.terms')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='ConsentName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('consent', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='leads.consent')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('match', core.tenancy.TenantOneToOne(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.match')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['marketplace', 'due_at'], name='leads_lead_due'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['marketplace', 'content_hash', 'submitted_at'], name='leads_lead_repeat'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['marketplace', 'group'], name='leads_lead_group'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['marketplace', 'submitted_at'], name='leads_lead_submitted'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.UniqueConstraint(fields=('marketplace', 'submit_key'), name='leads_lead_submitted_once'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('seats__gte', 1), ('seats__lte', 4)), name='leads_lead_cap'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('ended_at__isnull', True), ('outcome', '')), _connector='OR'), name='leads_lead_one_outcome'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['marketplace', 'lead'], name='leads_decision_lead'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('folded', False)), fields=['marketplace', 'id'], name='leads_decision_unfolded'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['marketplace', 'pro', 'at'], name='leads_match_inbox'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['marketplace', 'lead'], name='leads_match_lead'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('marketplace', 'group', 'slot'), name='leads_match_slot'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('marketplace', 'group', 'pro'), name='leads_match_pro'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('slot__isnull', True), models.Q(('slot__gte', 1), ('slot__lte', 4)), _connector='OR'), name='leads_match_cap'),
        ),
        SecureTable("Lead"),
        SecureTable("Consent", immutable=True),
        SecureTable("Decision", updatable=("folded",)),
        SecureTable("Match", updatable=("state", "state_at", "opened_at", "slot")),
        SecureTable("ConsentName", immutable=True),
    ]

import accounts.models
import core.tenancy
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from core.migration import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=80)),
                ('phone', models.CharField(blank=True, help_text='E.164, +13125550123. Calls from it are known as yours.', max_length=16)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False, help_text='Works for the marketplace.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=accounts.models._marketplace_in_force, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
        ),
        migrations.CreateModel(
            name='Homeowner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('street', models.CharField(blank=True, max_length=160)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('address_key', models.CharField(blank=True, max_length=200)),
                ('zone', models.CharField(max_length=64)),
                ('made_up', models.BooleanField(default=False, help_text='Name and number were made up for a replayed record.')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
        ),
        migrations.CreateModel(
            name='Pro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('zip', models.CharField(blank=True, max_length=5)),
                ('zone', models.CharField(default='America/Chicago', max_length=64)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('status', models.CharField(choices=[('applied', 'Applied'), ('approved', 'Approved'), ('suspended', 'Suspended')], default='approved', max_length=10)),
                ('signed_up_at', models.DateTimeField()),
                ('source_key', models.CharField(blank=True, help_text='Its key in the file it was loaded from.', max_length=64)),
                ('test', models.BooleanField(default=False)),
                ('account_manager', core.tenancy.TenantKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('billing', 'Billing'), ('member', 'Member')], default='member', max_length=8)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('user', core.tenancy.TenantOneToOne(on_delete=django.db.models.deletion.PROTECT, related_name='member', to=settings.AUTH_USER_MODEL)),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.pro')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('billing', 'Billing'), ('member', 'Member')], max_length=8)),
                ('token_hash', models.CharField(max_length=64)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('invited_by', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.pro')),
            ],
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('list', 'ZIP codes'), ('city', 'City'), ('radius', 'Radius')], max_length=6)),
                ('zips', models.JSONField(blank=True, default=list)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('center', models.CharField(blank=True, max_length=5)),
                ('miles', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('service', core.tenancy.TenantKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage', to='accounts.pro')),
            ],
        ),
        migrations.CreateModel(
            name='ProArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cell', models.PositiveIntegerField()),
                ('mask', models.BigIntegerField()),
                ('ring', models.BigIntegerField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.pro')),
                ('service', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
            ],
        ),
        migrations.CreateModel(
            name='ProService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='offered', to='accounts.pro')),
                ('service', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
            ],
        ),
        migrations.CreateModel(
            name='ProState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rev', models.BigIntegerField(default=0)),
                ('test', models.BooleanField(default=False)),
                ('approved', models.BooleanField(default=True)),
                ('paused', models.BooleanField(default=False)),
                ('past_grace', models.BooleanField(default=False)),
                ('receives_automatch', models.BooleanField(default=True)),
                ('receives_choice', models.BooleanField(default=True)),
                ('accepts_renters', models.BooleanField(default=False)),
                ('job_min', models.BigIntegerField(null=True)),
                ('job_max', models.BigIntegerField(null=True)),
                ('opens', models.PositiveSmallIntegerField(null=True)),
                ('closes', models.PositiveSmallIntegerField(null=True)),
                ('zone', models.CharField(max_length=64)),
                ('day_cap', models.PositiveIntegerField(null=True)),
                ('week_cap', models.PositiveIntegerField(null=True)),
                ('budget', models.BigIntegerField(null=True)),
                ('anchor', models.DateField(help_text='Local date of sign-up: day 0 of the first 30-day period.')),
                ('weight', models.PositiveIntegerField(default=1)),
                ('day', models.DateField(null=True)),
                ('day_count', models.PositiveIntegerField(default=0)),
                ('week', models.DateField(null=True)),
                ('week_count', models.PositiveIntegerField(default=0)),
                ('period', models.IntegerField(null=True)),
                ('spent', models.BigIntegerField(default=0)),
                ('received', models.PositiveIntegerField(default=0)),
                ('entitled', models.BigIntegerField(default=0)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('pro', core.tenancy.TenantOneToOne(on_delete=django.db.models.deletion.CASCADE, related_name='state_row', to='accounts.pro')),
            ],
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('marketplace', 'email'), name='accounts_user_email', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='homeowner',
            index=models.Index(fields=['marketplace', 'phone'], name='accounts_owner_phone'),
        ),
        migrations.AddIndex(
            model_name='homeowner',
            index=models.Index(fields=['marketplace', 'email'], name='accounts_owner_email'),
        ),
        migrations.AddIndex(
            model_name='homeowner',
            index=models.Index(fields=['marketplace', 'address_key'], name='accounts_owner_address'),
        ),
        migrations.AddConstraint(
            model_name='pro',
            constraint=models.UniqueConstraint(fields=('marketplace', 'public_id'), name='accounts_pro_public_id'),
        ),
        migrations.AddConstraint(
            model_name='pro',
            constraint=models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('marketplace', 'source_key'), name='accounts_pro_source_key'),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['marketplace', 'pro'], name='accounts_member_pro'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['marketplace', 'pro'], name='accounts_invitation_pro'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('marketplace', 'token_hash'), name='accounts_invitation_token'),
        ),
        migrations.AddIndex(
            model_name='coverage',
            index=models.Index(fields=['marketplace', 'pro'], name='accounts_coverage_pro'),
        ),
        migrations.AddIndex(
            model_name='proarea',
            index=models.Index(fields=['marketplace', 'service', 'cell', 'ring'], include=('mask', 'pro'), name='accounts_area_ring'),
        ),
        migrations.AddConstraint(
            model_name='proarea',
            constraint=models.UniqueConstraint(fields=('marketplace', 'pro', 'service', 'cell'), name='accounts_area_once'),
        ),
        migrations.AddConstraint(
            model_name='proservice',
            constraint=models.UniqueConstraint(fields=('marketplace', 'pro', 'service'), name='accounts_pro_service'),
        ),
        migrations.AddConstraint(
            model_name='prostate',
            constraint=models.CheckConstraint(condition=models.Q(('spent__gte', 0)), name='accounts_state_spent'),
        ),
        migrations.AddConstraint(
            model_name='prostate',
            constraint=models.CheckConstraint(condition=models.Q(('budget__isnull', True), ('budget__gte', 0), _connector='OR'), name='accounts_state_budget'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['marketplace', 'phone'], name='accounts_user_phone'),
        ),
        migrations.AddIndex(
            model_name='pro',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['marketplace', 'phone'], name='accounts_pro_phone'),
        ),
        migrations.AddIndex(
            model_name='pro',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['marketplace', 'email'], name='accounts_pro_email'),
        ),
        migrations.RunSQL('alter table accounts_prostate set (fillfactor = 70)', migrations.RunSQL.noop),
        SecureTable("User", nullable_marketplace=True),
        SecureTable("Pro"),
        SecureTable("Member"),
        SecureTable("Invitation"),
        SecureTable("ProService"),
        SecureTable("Coverage"),
        SecureTable("ProArea"),
        SecureTable("ProState"),
        SecureTable("Homeowner"),
    ]

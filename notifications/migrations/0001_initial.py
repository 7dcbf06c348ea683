import core.ids
import core.tenancy
import django.db.models.deletion
from django.db import migrations, models
from core.migration import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FirstDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=64)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'subject'), name='notifications_first_delivery')],
            },
        ),
        migrations.CreateModel(
            name='LocalDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.UUIDField()),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS')], max_length=8)),
                ('address', models.CharField(max_length=254)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['marketplace', 'at'], name='notifications_local_at'), models.Index(fields=['marketplace', 'message'], name='notifications_local_message')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=64)),
                ('recipient', models.CharField(max_length=64)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS')], max_length=8)),
                ('occurrence', models.CharField(blank=True, default='', max_length=32)),
                ('address', models.CharField(max_length=254)),
                ('context', models.JSONField(default=dict)),
                ('zone', models.CharField(default='UTC', max_length=64)),
                ('respects_quiet_hours', models.BooleanField(default=False)),
                ('test', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('accepted', 'Accepted'), ('confirmed', 'Confirmed'), ('failed', 'Failed'), ('suppressed', 'Suppressed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('provider_id', models.CharField(blank=True, max_length=80)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['marketplace', 'due_at'], name='notifications_message_due'), models.Index(fields=['marketplace', 'subject'], name='notifications_message_about'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['marketplace', 'provider_id'], name='notifications_message_sent')],
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'kind', 'subject', 'recipient', 'channel', 'occurrence'), name='notifications_message_once')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=40)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS')], max_length=8)),
                ('wanted', models.BooleanField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'recipient', 'kind', 'channel'), name='notifications_preference_once')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS')], max_length=8)),
                ('address', models.CharField(max_length=254)),
                ('reason', models.CharField(max_length=40)),
                ('since', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('marketplace', 'channel', 'address'), name='notifications_suppression_live')],
            },
        ),
        SecureTable("Message"),
        SecureTable("FirstDelivery"),
        SecureTable("Preference"),
        SecureTable("Suppression"),
        SecureTable("LocalDelivery"),
    ]

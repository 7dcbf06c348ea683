import core.ids
import core.tenancy
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from core.migration import REFUSE_CHANGE, SecureTable


def grant_rights(apps, schema_editor):
    """Tables of Django's own apps: the application reads and writes them. Ours say theirs with SecureTable."""
    app = settings.DATABASE_APP_ROLE
    schema_editor.execute(f"grant usage on schema public to {app}")
    schema_editor.execute(f"grant select on django_migrations to {app}")
    schema_editor.execute(f"alter default privileges in schema public grant select, insert, update, delete on tables to {app}")
    schema_editor.execute(f"alter default privileges in schema public grant usage, select on sequences to {app}")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    # The application's rights must exist before any other table does.
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("admin", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE_CHANGE, "drop function plumbline_refuse_change()"),
        migrations.CreateModel(
            name='Marketplace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]{1,38}\\Z', 'Use lower-case letters, digits and hyphens.')])),
                ('name', models.CharField(max_length=80)),
                ('tagline', models.CharField(blank=True, max_length=160)),
                ('host', models.CharField(help_text='Host name without a port.', max_length=253, unique=True)),
                ('preset', models.CharField(max_length=20)),
                ('zone', models.CharField(default='America/Chicago', max_length=64)),
                ('policy_version', models.PositiveIntegerField(default=0)),
                ('replay', models.BooleanField(default=False, help_text="Its clock is the replay's; live sweeps skip it.")),
                ('brand', models.JSONField(blank=True, default=dict)),
                ('phone', models.CharField(blank=True, max_length=16)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(blank=True, max_length=64)),
                ('data', models.JSONField(default=dict)),
                ('test', models.BooleanField(default=False)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['marketplace', 'subject', 'at'], name='core_event_subject')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('values', models.JSONField()),
                ('published_at', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'version'), name='core_policy_version')],
            },
        ),
        SecureTable("PolicyVersion", immutable=True),
        SecureTable("Event", immutable=True),
    ]

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
            name='Trade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=80)),
                ('synonyms', models.JSONField(blank=True, default=list)),
                ('needs_owner', models.BooleanField(default=True)),
                ('active', models.BooleanField(default=True)),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('trade', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.trade')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Zip',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=80)),
                ('state', models.CharField(max_length=2)),
                ('county', models.CharField(blank=True, max_length=80)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('zone', models.CharField(max_length=64)),
                ('cell', models.PositiveIntegerField()),
                ('bit', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['code'],
                'indexes': [models.Index(fields=['state', 'place'], name='catalog_zip_place')],
                'constraints': [models.UniqueConstraint(fields=('cell', 'bit'), name='catalog_zip_cell_bit')],
            },
        ),
        migrations.CreateModel(
            name='GuideVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('questions', models.JSONField()),
                ('prices', models.JSONField()),
                ('lead_price', models.PositiveIntegerField()),
                ('effective_from', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
                ('service', core.tenancy.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
            ],
            options={
                'ordering': ['service', '-version'],
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'service', 'version'), name='catalog_guide_version')],
            },
        ),
        migrations.AddConstraint(
            model_name='trade',
            constraint=models.UniqueConstraint(fields=('marketplace', 'code'), name='catalog_trade_code'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['marketplace', 'trade'], name='catalog_service_trade'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(fields=('marketplace', 'code'), name='catalog_service_code'),
        ),
        SecureTable("Trade"),
        SecureTable("Service"),
        SecureTable("GuideVersion", immutable=True),
    ]

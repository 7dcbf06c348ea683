import core.tenancy
import django.db.models.deletion
from core.migration import SecureTable
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('published_at', models.DateTimeField()),
                ('marketplace', models.ForeignKey(db_index=False, default=core.tenancy.current_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.marketplace')),
            ],
            options={
                'ordering': ['kind', '-version'],
                'constraints': [models.UniqueConstraint(fields=('marketplace', 'kind', 'version'), name='core_text_version')],
            },
        ),
        SecureTable("Text", immutable=True),
    ]


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]

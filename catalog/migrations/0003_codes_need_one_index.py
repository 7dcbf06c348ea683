from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_zips'),
    ]

    operations = [
        migrations.AlterField(
            model_name='service',
            name='code',
            field=models.SlugField(db_index=False, max_length=60),
        ),
        migrations.AlterField(
            model_name='trade',
            name='code',
            field=models.SlugField(db_index=False, max_length=40),
        ),
    ]

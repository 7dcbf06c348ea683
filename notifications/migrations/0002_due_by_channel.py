from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.AddField('message', 'cancelled_at', models.DateTimeField(null=True)),
        migrations.AddField('message', 'alarmed_at', models.DateTimeField(null=True)),
        migrations.RemoveIndex('message', 'notifications_message_due'),
        migrations.AddIndex(
            'message',
            models.Index(
                condition=models.Q(('due_at__isnull', False)),
                fields=['marketplace', 'channel', 'due_at'],
                name='notifications_message_due',
            ),
        ),
    ]

from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Django's migrate, run as the owner of the tables."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

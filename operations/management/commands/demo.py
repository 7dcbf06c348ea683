from django.utils import timezone

from operations.command import OperatorCommand
from operations.demo import build, logins


class Command(OperatorCommand):
    help = "Make the two demo marketplaces with pros, leads and logins. What is there already is left as it is; `make reset` starts afresh."

    def handle(self, **options):
        now = timezone.now()
        for built in build(now=now):
            if built.new:
                self.stdout.write(f"{built.name}: {built.pros} pros and {built.leads} leads, made in {built.seconds:.1f} s.")
            else:
                self.stdout.write(f"{built.name} is there already: nothing was added or refreshed. `make reset` starts afresh.")
        logins.write()
        self.stdout.write(f"Addresses and logins: {logins.FILE}")

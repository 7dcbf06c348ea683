"""What the operator's commands share: naming a marketplace, and turning a refusal into a sentence."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from core.models import Marketplace


class OperatorCommand(BaseCommand):
    """A command whose refusals are sentences that say what to do, with exit status 1."""

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(" ".join([str(refusal), *(f"{name}: {why}" for name, why in refusal.fields.items())])) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(f"{name}: {' '.join(why)}" for name, why in error.message_dict.items())) from error

    def marketplace(self, slug) -> Marketplace:
        """The marketplace of that slug, or a sentence naming those there are."""
        found = Marketplace.objects.filter(slug=slug).first()
        if found is None:
            known = ", ".join(Marketplace.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no marketplace {slug!r}. There are: {known}. createmarketplace makes another.")
        return found

    def file(self, name) -> Path:
        """The file of that name, or a sentence."""
        path = Path(name)
        if not path.is_file():
            raise CommandError(f"There is no file {name!r}.")
        return path

    def tell(self, facts: dict, *, as_json: bool):
        """Print facts: one a line, or as JSON."""
        if as_json:
            self.stdout.write(json.dumps(facts, indent=2, default=str))
            return
        width = max(map(len, facts), default=0)
        for name, value in facts.items():
            shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else value
            self.stdout.write(f"{name:<{width}}  {shown}")

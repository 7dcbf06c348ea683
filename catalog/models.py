"""What can be asked for, and where: trades, services, their price guides, and the ZIP map of the United States."""

from django.db import models

from core.tenancy import TenantKey, TenantModel


class Trade(TenantModel):
    """A group of services that one kind of business does. Also the service group of RULES 7."""

    code = models.SlugField(max_length=40, db_index=False)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "code"], name="catalog_trade_code")]
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Service(TenantModel):
    """One job a homeowner recognises, "Water heater replacement"."""

    trade = TenantKey(Trade, models.PROTECT)
    code = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=80)
    synonyms = models.JSONField(default=list, blank=True)
    needs_owner = models.BooleanField(default=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "code"], name="catalog_service_code")]
        indexes = [models.Index(fields=["marketplace", "trade"], name="catalog_service_trade")]
        ordering = ["name"]

    def __str__(self):
        return self.name


class GuideVersion(TenantModel):
    """One immutable version of a service's questions and price guide; `lead_price` is its flat price in cents."""

    service = TenantKey(Service, models.PROTECT)
    version = models.PositiveIntegerField()
    questions = models.JSONField()
    prices = models.JSONField()
    lead_price = models.PositiveIntegerField()
    effective_from = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "service", "version"], name="catalog_guide_version")]
        ordering = ["service", "-version"]

    def __str__(self):
        return f"Guide {self.version}"


class Zip(models.Model):
    """One US ZIP code. `cell` and `bit` (0-31) place it in the fixed split of the ZIP map (DESIGN 4). Not a tenant's."""

    code = models.CharField(max_length=5, primary_key=True)
    place = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    county = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone = models.CharField(max_length=64)
    cell = models.PositiveIntegerField()
    bit = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "bit"], name="catalog_zip_cell_bit")]
        indexes = [models.Index(fields=["state", "place"], name="catalog_zip_place")]
        ordering = ["code"]

    def __str__(self):
        return f"{self.place}, {self.state} {self.code}"

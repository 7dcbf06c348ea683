from core.tenancy import SETTING
from tests.operations.plants.plant import plants, sql


@plants("tenancy.role")
def nothing():
    """Being the owner is the violation."""


@plants("tenancy.walls")
def a_table_without_its_wall():
    sql("alter table notifications_preference disable row level security")


@plants("tenancy.invisible")
def a_wall_with_a_hole():
    sql(f"alter policy tenant on core_text using (marketplace_id = nullif(current_setting('{SETTING}', true), '')::bigint or true)")


@plants("tenancy.keys")
def a_reference_without_its_key():
    sql("alter table leads_match drop constraint leads_match_pro_id_tenant_fk")


@plants("tenancy.references", also=["tenancy.keys"])
def a_reference_to_a_row_out_of_sight():
    sql("alter table accounts_pro drop constraint accounts_pro_account_manager_id_tenant_fk")
    sql("update accounts_pro set account_manager_id = 999999999")


@plants("tenancy.indexes")
def an_index_across_marketplaces():
    sql("create index planted on leads_match (pro_id)")


@plants("tenancy.rights")
def a_right_to_change_the_books():
    from django.conf import settings

    sql(f"grant update on billing_transfer to {settings.DATABASE_APP_ROLE}")


@plants("tenancy.immutable")
def books_without_their_guard():
    sql("alter table billing_transfer disable trigger immutable")

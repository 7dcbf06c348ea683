"""Who may do what for a pro: the whole table, once more by hand (RULES 31, INVARIANTS 34)."""

import pytest

from accounts.rights import Right, may

#                        owner  billing member staff
EXPECTED = {
    "invite":           ("yes", "no",  "no",  "no"),
    "remove":           ("yes", "no",  "no",  "no"),
    "change_role":      ("yes", "no",  "no",  "no"),
    "lower_spending":   ("yes", "yes", "yes", "yes"),
    "raise_spending":   ("yes", "yes", "no",  "no"),
    "narrow_area":      ("yes", "yes", "yes", "yes"),
    "widen_area":       ("yes", "yes", "no",  "no"),
    "see_statement":    ("yes", "yes", "no",  "no"),
    "open_leads":       ("yes", "yes", "yes", "no"),
    "answer_offers":    ("yes", "yes", "yes", "no"),
    "edit_profile":     ("yes", "no",  "no",  "no"),
}  # fmt: skip
ROLES = ("owner", "billing", "member", "staff")


def test_every_right_is_in_the_table():
    assert set(EXPECTED) == {right.value for right in Right}


@pytest.mark.parametrize("right", EXPECTED)
def test_the_table(right):
    assert tuple("yes" if may(role, Right(right)) else "no" for role in ROLES) == EXPECTED[right]


@pytest.mark.parametrize("right", EXPECTED)
def test_an_unknown_role_may_nothing(right):
    assert not may("", Right(right)) and not may("OWNER", Right(right))

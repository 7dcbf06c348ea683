"""Asking for credits, by a pro that has a request in every state."""

from tests.browser.pages.visit import TABS, Visit, choose, credit, send, unfold

CREDIT = ("Request Credit", "Call Lead Within 30 Minutes", "Follow Up That Week", "Send An Email", "Send request for $")


def doubted(name, end=""):
    """A lead of the pro that has claims in every state."""
    return lambda market: f"/pro/leads/{market.match(name, 'claimant').pk}/{end}"


def asking(name):
    return doubted(name, "credit/")


VISITS = [
    Visit("lead, to ask", "pros:lead", doubted("doubtful"), "claimant", labels=("Something wrong with this lead?", "Request Credit")),
    Visit("lead, refused", "pros:lead", doubted("refused"), "claimant", labels=("Credit request", "Refused", "Appeal")),
    Visit("credit", "pros:credit", asking("doubtful"), "claimant", act=unfold, labels=CREDIT),
    Visit(
        "credit, chosen",
        "pros:credit",
        asking("doubtful"),
        "claimant",
        act=choose("Does not own the home", "A person decides"),
        labels=CREDIT,
    ),
    Visit(
        "credit, proven", "pros:credit", asking("dead"), "claimant", act=choose("Wrong or fake contact", "Granted at once"), labels=CREDIT
    ),
    Visit("credit, problems", "pros:credit", asking("doubtful"), "claimant", act=send("#f"), status=422, labels=CREDIT),
    Visit(
        "credit, over", "pros:credit", asking("too late"), "claimant", labels=(*TABS, "The time to ask for a credit on this lead is over.")
    ),
    Visit("credits", "pros:credits", "/pro/credits/", "claimant", labels=(*TABS, "Credit requests", "In review", "Granted", "Refused")),
    Visit("credits, empty", "pros:credits", "/pro/credits/", "newcomer", labels=(*TABS, "No credit requests yet")),
    Visit("credit, in review", "pros:credit_request", credit("in review"), "claimant", labels=(*TABS, "Your request is with a person")),
    Visit("credit, question", "pros:credit_request", credit("question"), "claimant", labels=(*TABS, "We have a question")),
    Visit(
        "credit, no answer",
        "pros:credit_answer",
        credit("question"),
        "claimant",
        act=send("form[action$='answer/']"),
        status=422,
        labels=TABS,
    ),
    Visit("credit, refused", "pros:credit_request", credit("refused"), "claimant", labels=(*TABS, "Not granted", "Send the appeal")),
    Visit("credit, no appeal", "pros:credit_appeal", credit("refused"), "claimant", act=send("#appeal"), status=422, labels=TABS),
    Visit("credit, appealed", "pros:credit_request", credit("appealed"), "claimant", labels=(*TABS, "Your appeal is with a person")),
    Visit("credit, granted", "pros:credit_request", credit("granted"), "claimant", labels=(*TABS, "given back", "Decided by rule")),
]

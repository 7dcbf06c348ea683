"""The pages of homeowners: the form, choosing, a request and everything that is done about it."""

from leads import links
from tests.browser.pages.visit import Visit, fill, of, press, send, unfold


def send_to(address):
    """Send the form of a step elsewhere, as its button without scripts does."""

    def act(page):
        with page.expect_navigation():
            page.eval_on_selector("#f", "(form, address) => { form.action = address; form.submit() }", address)

    return act


def speak_english(page):
    """Press the switch of the language as the Spanish page has it: the page of a visitor is kept, and goes on in English."""
    with page.expect_navigation():
        page.eval_on_selector("form[action='/language/'] button", "button => { button.value = 'en'; button.click() }")


def find_on_home(page):
    page.get_by_label("Job", exact=True).press_sequentially("water")
    page.get_by_label("ZIP code of the job").press_sequentially("60614")
    page.get_by_text("Which fits best?").wait_for()
    page.get_by_text("60614 Chicago, IL").wait_for()


def find_a_city(page):
    page.get_by_label("ZIP code of the job").press_sequentially("Oak Park")
    page.get_by_text("Which ZIP code?").wait_for()


def answer_the_job(page):
    """Change an answer: the preview beside the form follows."""
    page.fill("[name=description]", "Ring me at 312-555-0177, please.")
    page.get_by_text("Changes as you type").wait_for()


def tick_two(page):
    """Tick two pros at once: seats, words and the button follow both."""
    for number in (0, 1):
        page.locator(".pick.pro label").nth(number).click()
    page.get_by_text("You agree to this, and only this").wait_for()
    page.get_by_role("button", name="Send to 2 pros").wait_for()


def compare_two(page):
    """Tick two pros and look at them side by side."""
    tick_two(page)
    page.get_by_text("Find and compare").click()
    press("Compare the ticked pros")(page)


def see_profile(page):
    """Tick two pros and look at one of them."""
    tick_two(page)
    press("See profile")(page)


def ask_to_stop(page):
    page.locator("#stop").get_by_role("link", name="Stop all contact").click()
    page.get_by_role("button", name="Yes, stop").wait_for()


def profile_of(name, who):
    return lambda market: f"/request/{market.token(name)}/pros/{market.members[who].pro.public_id}/"


def about(name, what, who="charge0"):
    """What the homeowner of a request is asked about one of its pros."""
    return lambda market: f"/request/{market.token(name)}/pros/{market.match(name, who).pk}/{what}/"


def send_no_picture(page):
    """Send a file that is none."""
    page.set_input_files("[name=photo]", {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"nothing to see"})
    send("main form[enctype]")(page)


def wish(name):
    """The page of a request for what is not listed."""
    return lambda market: f"/request/unlisted/{links.wish_token(market.wishes[name])}/"


VISITS = [
    Visit("home, language", "language", "/", act=speak_english, labels=("What do you need done?",)),
    Visit("home", "homeowners:home", "/", act=unfold),
    Visit("home, found", "homeowners:services", "/", act=find_on_home),
    Visit("home, begun", "homeowners:home", "/", "drafting"),
    Visit("home, soon", "homeowners:home", "/", slug="hearthline"),
    Visit("services", "homeowners:services", "/request/services?q=heater"),
    Visit("places", "homeowners:places", "/request/places?q=Oak+Park"),
    Visit("form 1", "homeowners:service", "/request/?q=leak&zip=60614"),
    Visit("form 1, city", "homeowners:places", "/request/", act=find_a_city),
    Visit("form 1, problems", "homeowners:service", "/request/", act=send("#f"), status=422),
    Visit("form 1, soon", "homeowners:service", "/request/", slug="hearthline"),
    Visit("form 2", "homeowners:job", "/request/job/", "begun"),
    Visit("form 2, typing", "homeowners:preview", "/request/job/", "begun", act=answer_the_job),
    Visit("form 2, problems", "homeowners:job", "/request/job/", "begun", act=send("#f"), status=422),
    Visit("form 2, preview", "homeowners:preview", "/request/job/", "drafting", act=send_to("/request/preview")),
    Visit("form 3", "homeowners:you", "/request/you/", "drafting"),
    Visit("form 3, problems", "homeowners:you", "/request/you/", "drafting", act=send("#f"), status=422),
    Visit("unlisted", "homeowners:unlisted", "/request/unlisted/?q=solar+tube", labels=("Not in the list?", "Your consent")),
    Visit("unlisted, problems", "homeowners:unlisted", "/request/unlisted/", act=send("#f"), status=422),
    Visit("wish, waiting", "homeowners:wish", wish("waiting"), labels=("A person looks at it", "Take it back")),
    Visit("wish, offered", "homeowners:wish", wish("offered"), labels=("We ask pros who could do it",)),
    Visit("wish, refused", "homeowners:wish", wish("refused"), labels=("We could not find a pro", "Nobody does this here.")),
    Visit("choose", "homeowners:choose", of("choosing", "choose/"), labels=("Choose up to four pros", "How this order is made", "Nearest")),
    Visit(
        "choose, best rated",
        "homeowners:choose",
        of("choosing", "choose/?order=best"),
        labels=("Best rated", "New here: no reviews yet", "Came when they said", "Taken down by the marketplace: It speaks"),
    ),
    Visit("choose, ticked", "homeowners:choose", of("choosing", "choose/"), act=tick_two, labels=("You agree to this, and only this",)),
    Visit(
        "choose, filtered", "homeowners:choose", of("choosing", "choose/?badge=licence"), labels=("fit what you look for", "Show all pros")
    ),
    Visit("choose, compare", "homeowners:choose", of("choosing", "choose/"), act=compare_two, labels=("Side by side", "Back to all pros")),
    Visit("profile", "homeowners:profile", of("choosing", "choose/"), act=see_profile, labels=("What we have checked", "Tick this pro")),
    Visit("profile, seated", "homeowners:profile", profile_of("chosen", "owner"), labels=("In business since 1998", "License")),
    Visit("profile, of nobody", "", of("choosing", "pros/00000000-0000-7000-8000-000000000000/"), status=404),
    Visit("choose, nobody", "homeowners:choose", of("choosing", "choose/"), act=send("#f"), status=422, labels=("Choose at least one",)),
    Visit("choose, nobody fits", "homeowners:choose", of("lonely", "choose/"), labels=("No pro fits right now",)),
    Visit("request, choosing", "homeowners:request", of("choosing"), labels=("Choose your pros", "Stop all contact")),
    Visit("request, chosen", "homeowners:request", of("chosen"), labels=("Choose another pro", "You chose 1 pro")),
    Visit("request, draft", "homeowners:request", of("draft"), labels=("Confirm your phone", "Confirm by text", "Stop all contact")),
    Visit("code", "homeowners:code", of("draft", "code/"), labels=("Confirm your phone", "Text me the code", "Use another number")),
    Visit("code, sent", "homeowners:code", of("coded", "code/"), act=unfold, labels=("We texted a code to", "Confirm my phone")),
    Visit("code, wrong", "homeowners:code", of("coded", "code/"), act=fill(code="12"), labels=("This is not the newest code",)),
    Visit("code, again", "homeowners:code", of("coded again", "code/"), labels=("Text me a new code",)),
    Visit("code, optional", "homeowners:code", of("offered a code", "code/"), labels=("You need not do it",)),
    Visit("request, confirmed", "homeowners:request", of("confirmed"), labels=("Your phone was checked by code",)),
    Visit("request, filled", "homeowners:request", of("filled"), labels=("Stop all contact",)),
    Visit("request, open", "homeowners:request", of("open"), labels=("Stop all contact",)),
    Visit("request, stopped", "homeowners:request", of("stopped")),
    Visit("request, asking", "homeowners:stop", of("open"), act=ask_to_stop, labels=("Yes, stop", "Keep")),
    Visit("request, stop", "homeowners:stop", of("open", "stop/"), labels=("Yes, stop", "Keep")),
    Visit("charge, two seats", "homeowners:request", of("two seats"), labels=("Stop this pro", "More", "Chose someone?", "Add or remove")),
    Visit("charge, unfolded", "homeowners:request", of("two seats"), act=unfold, labels=("Show it my phone number", "I hired this pro")),
    Visit("charge, four seats", "homeowners:request", of("four seats"), labels=("Stop this pro", "Has not called yet.")),
    Visit("charge, one stopped", "homeowners:request", of("one stopped"), labels=("They are closed now.", "Stop this pro")),
    Visit("charge, silent", "homeowners:request", of("silent"), labels=("Replace this pro", "We warned it")),
    Visit("charge, replaced", "homeowners:request", of("replaced"), labels=("which never called", "Choose a pro")),
    Visit("charge, hired", "homeowners:request", of("hired"), labels=("You told your pros", "Change the answer")),
    Visit("charge, nobody fits", "homeowners:request", of("nobody fits"), labels=("You stay on our list until", "Correct it")),
    Visit("charge, unfilled", "homeowners:request", of("unfilled"), labels=("Keep me on the list for 30 days",)),
    Visit("charge, listed", "homeowners:request", of("listed"), labels=("You are on the list", "Take me off the list")),
    Visit(
        "charge, on or off the list",
        "homeowners:keep_on_list",
        of("unlisted"),
        act=send("form[action$='list/']"),
        labels=("Nobody gets your details before you send it again.",),
    ),
    Visit("charge, able", "homeowners:request", of("able"), labels=("Somebody in 60601 can take it now", "Send it again")),
    Visit("charge, again", "homeowners:send_again", of("able", "again/"), labels=("You agree to this by sending it",)),
    Visit("charge, stop one", "homeowners:one_pro", about("two seats", "stop"), labels=("Yes, stop", "The homeowner withdrew")),
    Visit("charge, replace one", "homeowners:one_pro", about("silent", "replace"), labels=("Yes, replace",)),
    Visit("charge, too early", "homeowners:one_pro", about("two seats", "replace"), act=send(), status=409, labels=("has called you",)),
    Visit("charge, show number", "homeowners:one_pro", about("two seats", "phone"), labels=("Show my number",)),
    Visit("charge, show address", "homeowners:one_pro", about("two seats", "address"), labels=("Show my address",)),
    Visit("charge, whom", "homeowners:hired", of("two seats", "hired/"), labels=("Whom did you hire?", "Tell my pros")),
    Visit(
        "charge, whom not", "homeowners:hired", of("two seats", "hired/"), act=send(), status=422, labels=("Choose one of the answers.",)
    ),
    Visit("charge, correct", "homeowners:correct", of("nobody fits", "correct/"), labels=("Save the corrections",)),
    Visit("charge, too late to correct", "homeowners:correct", of("two seats", "correct/"), labels=("A pro has your request already",)),
    Visit("charge, photos", "homeowners:photos", of("two seats", "photos/"), labels=("Take or choose photos", "Remove")),
    Visit("charge, no picture", "homeowners:photos", of("two seats", "photos/"), act=send_no_picture, status=422, labels=("as a picture",)),
    Visit("request, to review", "homeowners:request", of("to review"), labels=("How did it go?", "Review your pros")),
    Visit("review", "homeowners:review", of("to review", "review/"), labels=("A review is public", "Ned F., Chicago")),
    Visit(
        "review, problems",
        "homeowners:review",
        of("to review", "review/"),
        act=send("main form[method=post]"),
        status=422,
        labels=("Choose one to five stars.",),
    ),
    Visit("review, answered", "homeowners:review", of("answered", "review/"), labels=("4 of 5 stars", "Prairie State Plumbing answered:")),
    Visit("review, nothing to say", "homeowners:review", of("last period", "review/"), labels=("There was no call between you",)),
    Visit("request, new link", "homeowners:new_link", of("spare"), act=press("Make a new link")),
]

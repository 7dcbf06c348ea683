"""First privacy and terms texts of a new marketplace. The operator publishes their own over them."""

# ruff: noqa: E501

PRIVACY = """\
We ask only for what a pro needs to do your job: what is to be done, where, and how to reach you.

At most four pros get your request. We name each one to you at once, with the time. Pros see your first name, the initial of your last name, your ZIP code and the job. They do not see your phone number, street, e-mail address or last name unless you share them.

You can stop all contact with one tap on your request's page, at any time, for no reason. From then on the pros see only that you withdrew.

We keep the words you agreed to, with the time and the page, as proof. We do not sell your details to anybody else, and no request goes to more than four pros.

We keep the books of what pros paid. They carry no details of homeowners."""

TERMS_OF_USE = """\
The service is free for homeowners. Pros pay us to be introduced to you; that is how we earn our living.

We check what we say we checked, and say when. The contract for the work is between you and the pro you hire.

Please ask only for work you mean to have done, at a place you own or whose owner agreed.

Pros: the price of a lead is shown before and after it is charged, with how it was made. We never go over your budget cap. A lead goes to at most four pros."""

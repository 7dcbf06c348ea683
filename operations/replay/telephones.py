"""The telephones of a replay: the local carrier, where one act and all that it sets off is one transaction."""

from collections import deque

from contact.carriers.door import in_process
from contact.carriers.exchange import Exchange
from contact.carriers.local import LocalCarrier
from contact.models import LocalCall, LocalEvent
from core.tenancy import scope
from operations.replay.habits import is_dead


class AtOnce(Exchange):
    """Posts are made before the calls are kept, in the order in which they come up: what was posted and what is kept are both there, or
    neither is. Whose number is dead say the habits."""

    def __init__(self, calls, **options):
        super().__init__(calls, **options)
        self.posts = deque()

    def put(self, call, path, said, deliveries, *, steers=False):
        self.posts.append(LocalEvent(call=call, path=path, said=said, due_at=self.at, steers=steers))

    def keep(self):
        while self.posts:
            event = self.posts.popleft()
            status, body = self.door.send(event.path, event.said)
            if event.steers or not 200 <= status < 300:
                self.answered(event.call, event, status, body)
        super().keep()

    def ring(self, call):
        if not is_dead(call.to_number):
            return super().ring(call)
        call.started_at = self.second
        self.tell(call, "initiated", status="initiated")
        return self.end(call, "failed", 404)


class Telephones(LocalCarrier):
    """Nothing waits here but telephones that ring: `ring_out` ends it."""

    def __init__(self, marketplace):
        super().__init__(marketplace, post=in_process, exchange=AtOnce)

    def far_end(self, provider_id: str) -> str:
        """The telephone that a call has dialled; "" when it dialled none."""
        with scope(self.marketplace):
            return LocalCall.objects.filter(parent__provider_id=provider_id).values_list("provider_id", flat=True).first() or ""

    def ring_out(self, *, at) -> None:
        """Telephones that have rung long enough by `at` stop."""
        super().tick(at=at)

    def tick(self, *, at):
        """Whoever acts does not look round for what else is due."""

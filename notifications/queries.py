"""What screens may know of the notices. Who may ask is for the caller to say: here are addresses, not people."""

from notifications.models import FirstDelivery, LocalDelivery, Message


def messages_about(subject, *, recipient_prefix=""):
    """The messages about `subject`, newest first; `recipient_prefix` narrows them to one side ("member:", "lead:")."""
    return Message.objects.filter(subject=str(subject), recipient__startswith=recipient_prefix)


def first_delivery(subject):
    """When a notice about `subject` was first accepted and first confirmed, or None."""
    return FirstDelivery.objects.filter(subject=str(subject)).first()


def local_deliveries(address=""):
    """What the local provider kept, newest first; `address` narrows it to those that contain it."""
    kept = LocalDelivery.objects.all()
    return kept.filter(address__icontains=address) if address else kept


def local_delivery(pk):
    return LocalDelivery.objects.filter(pk=pk).first()

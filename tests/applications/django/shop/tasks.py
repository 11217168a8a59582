from celery import shared_task

from .models import Order


@shared_task
def ship(number: int) -> None:
    Order.objects.filter(pk=number).update(shipped=True)

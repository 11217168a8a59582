import os
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from .models import Order
from .tasks import ship


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"orders": Order.objects.order_by("-id")[:10]})


def health(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "release": os.environ["RELEASE"]})


def version(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"release": os.environ["RELEASE"], "secure": request.is_secure()})


def paper(request: HttpRequest, name: str) -> HttpResponse:
    """An upload, for the customer whose it is."""
    if request.headers.get("X-Customer") != "ann":
        return HttpResponse(status=403)
    text = (Path(os.environ["UPLOADS_DIR"]) / name).read_text()
    return HttpResponse(text, content_type="text/plain")


@csrf_exempt
def orders(request: HttpRequest) -> JsonResponse:
    if request.method == "POST":
        order = Order.objects.create(text=request.POST["text"])
        ship.delay(order.pk)
        return JsonResponse({"id": order.pk}, status=201)
    order = Order.objects.get(pk=request.GET["id"])
    return JsonResponse({"id": order.pk, "text": order.text, "shipped": order.shipped})

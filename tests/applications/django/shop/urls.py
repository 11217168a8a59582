from django.contrib import admin
from django.urls import path

from . import views

urlpatterns = [
    path("", views.home),
    path("health", views.health),
    path("version", views.version),
    path("orders", views.orders),
    path("papers/<str:name>", views.paper),
    path("admin/", admin.site.urls),
]

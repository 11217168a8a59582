from django.db import models


class Order(models.Model):
    text = models.CharField(max_length=200)
    shipped = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.text

"""What this room does when something happens in it."""

from django.dispatch import receiver

from parley.usage.budgets import forget_allowances
from parley.usage.signals import budget_changed


@receiver(budget_changed)
def _forget_allowances(sender: object, **fact: object) -> None:
    forget_allowances()

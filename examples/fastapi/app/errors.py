"""Error tracking."""

from app.settings import Settings


def report_to_sentry(settings: Settings) -> None:
    """Sends errors to Sentry if SENTRY_DSN is set; without it the package isn't even loaded."""
    if not settings.sentry_dsn:
        return
    import sentry_sdk

    # It reads SENTRY_ENVIRONMENT and SENTRY_RELEASE by itself.
    sentry_sdk.init(settings.sentry_dsn, send_default_pii=False)

"""The readiness report: each line of the checklist, looked at on live hosts (docs/report.md)."""

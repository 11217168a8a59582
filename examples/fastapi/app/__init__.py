"""An example application for readyhost: FastAPI, PostgreSQL and Redis."""

"""The HTTP side: FastAPI application and settings."""

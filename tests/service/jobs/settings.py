"""Settings of the job tests: the jobs' tables alone, on the database named by the environment."""

from __future__ import annotations

import os

from mingcha.service.configuration import database

SECRET_KEY = "for tests"
INSTALLED_APPS = ["tests.service.jobs.app.Jobs"]
DATABASES = {"default": database(os.environ["MINGCHA_DATABASE_URL"])}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MINGCHA_JOBS = ["tests.service.jobs.kinds"]

"""Addresses of uploads in parts. Open to anybody who signed in or did the work; each upload to its sender alone."""

from __future__ import annotations

from django.urls import path

from mingcha.service.access.rules import ANYBODY, rule
from mingcha.service.pages.uploading import parts

urlpatterns = [
    path("begin", parts.begin, name="upload-begin"),
    path("<str:key>/put", parts.put, name="upload-put"),
    path("<str:key>/status", parts.status, name="upload-status"),
    path("<str:key>/finish", parts.finish, name="upload-finish"),
]
rule(*(one.name for one in urlpatterns if one.name), to=ANYBODY)

"""Durable jobs: asked for in the transaction of an event, run step by step, resumed after a crash, shown and cancelled.

The web process needs ``outbox`` alone; ``engine`` and ``worker`` run in a process of their own.
"""

"""Alembic's entry: runs in the transaction that `store.migrate` has begun."""

from alembic import context

context.configure(**context.config.attributes)
with context.begin_transaction():
    context.run_migrations()

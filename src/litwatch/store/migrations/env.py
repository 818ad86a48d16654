"""Alembic's entry: runs the migrations on the connection and inside the transaction it is handed."""

from alembic import context

from litwatch.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()

"""Use the ORM on the migration's connection."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase, Session, declarative_base, mapped_column, sessionmaker

revision = "sessions"
down_revision = "managers"


Base = declarative_base()


class Customer(Base):  # type: ignore[misc,valid-type]  # a base made at run time
    __tablename__ = "customers"
    id = sa.Column(sa.Integer, primary_key=True)
    email = sa.Column(sa.String)
    active = sa.Column(sa.Boolean)


class Modern(DeclarativeBase):
    pass


class Order(Modern):
    __tablename__ = "orders"
    id = mapped_column(sa.Integer, primary_key=True)
    note = mapped_column(sa.Text)


def upgrade() -> None:
    session: Any = Session(bind=op.get_bind())
    session.query(Customer).filter(Customer.id > 0).update({"active": True}, synchronize_session=False)
    session.execute(sa.update(Order).values(note="n").execution_options(synchronize_session=False))
    session.execute(sa.text("DELETE FROM customers WHERE id = 0"))
    for customer in session.query(Customer).all():
        customer.email = str(customer.email).lower()
    session.commit()
    maker = sessionmaker(bind=op.get_bind())
    with maker() as other:
        other.query(Order).delete(synchronize_session=False)
    orm.Session(op.get_bind()).query(Customer).count()

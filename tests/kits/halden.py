"""The payment provider of the tutorial, and how it is broken on purpose in one way: for the ``broken_`` files."""

import re
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

from marketwright.plugin import Outcome
from marketwright.testing import PaymentProviderConformance

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "payment-provider.md"


def tutorial():
    """The provider and the far side as the tutorial writes them."""
    found = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    package = sys.modules.setdefault("marketwright_halden", ModuleType("marketwright_halden"))
    package.__path__ = []
    for name, path in (("marketwright_halden.provider", "marketwright_halden/provider.py"),
                       ("marketwright_halden", "marketwright_halden/__init__.py"),
                       ("halden_tests", "tests/test_halden.py")):  # fmt: skip
        module = sys.modules.setdefault(name, ModuleType(name))
        exec(compile(found[path], path, "exec"), module.__dict__)
    return sys.modules["marketwright_halden"], sys.modules["marketwright_halden.provider"], sys.modules["halden_tests"]


halden, written, written_tests = tutorial()
CONFIRMED, FAILED, UNKNOWN, PAYING = Outcome.CONFIRMED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.PAGE


class Halden(written.Halden):
    """Halden Pay with other flags where ``flags`` says so, and other orders where ``alter`` does."""

    flags = {}

    @property
    def capabilities(self):
        return replace(super().capabilities, **self.flags)


class HaldenPay(written_tests.HaldenPay):
    """The service."""


class Kit(PaymentProviderConformance):
    strategy = Halden
    far_side = HaldenPay
    of = halden.manifest

    @classmethod
    def manifest(cls):
        return cls.of

    @classmethod
    def checked(cls):
        return {"account": ""}


def cases(module):
    """:func:`case` for the classes of ``module``, its globals."""
    return partial(case, module)


def case(module, name, test, provider=None, far=None, **changes):
    """One broken provider (or service, or manifest) as a class of tests that names what catches it."""
    strategy = type(name, (Halden,), {"__doc__": "Broken.", **(provider or {})})
    behind = type(f"{name}Service", (HaldenPay,), far or {})
    body = {"strategy": strategy, "far_side": behind, "caught_by": test}
    if changes:
        body["of"] = replace(halden.manifest, **changes)
    module[f"Test{name}"] = type(f"Test{name}", (Kit,), body)


def flags(**given):
    return {"flags": given}


def altered(method, how):
    """``method`` of the provider with its answer changed by ``how(self, answer, command)``."""

    def call(self, command):
        return how(self, getattr(written.Halden, method)(self, command), command)

    return {method: call}


def confirmed(answer):
    return answer.outcome is CONFIRMED

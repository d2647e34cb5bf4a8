"""From a template and answers to a folder, through cookiecutter: whole, or not at all."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from marketwright.baking.answers import Offers
from marketwright.baking.hooks import OFFERS, QUIET, as_environment
from marketwright.baking.templates import template_folder
from marketwright.kernel.errors import BadSetting


class BakingRefused(BadSetting):
    """The folder cannot be baked; nothing was left behind."""


def bake(kind: str, answers: Mapping[str, str], into: Path, *, offers: Offers | None = None) -> Path:
    """Bake a ``kind`` (``marketplace``, ``plugin``, ``theme``) into a new folder below ``into``; returns the folder.

    Questions without an answer take the template's default. ``offers`` is what is installed
    (:func:`marketwright.baking.offers.installed_offers`), looked up by the template's own hooks when not given. Raises
    :class:`BakingRefused` with the fix: no cookiecutter, a folder of that name, a place that cannot be written, an
    answer that the template refuses.
    """
    template = template_folder(kind)
    need_cookiecutter()
    into = into.expanduser().absolute()
    with _scratch(into) as scratch:
        baked = _run(template, answers, scratch, offers)
        for leftover in sorted(baked.rglob("__pycache__")):  # pip compiles what it installs, templates included
            shutil.rmtree(leftover)
        target = into / baked.name
        if target.exists():
            raise BakingRefused(f"there is a folder of that name already: {target}.", where="project_slug",
                                fix="Choose another name, or another place: --into FOLDER.")  # fmt: skip
        baked.rename(target)
    return target


def write_whole(file: Path, text: str, *, mode: str = "644") -> None:
    """Write ``text`` so that a break in the middle leaves the file as it was; makes its folder."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8")
        fresh.chmod(int(mode, 8))
        fresh.replace(file)
    except OSError as error:
        raise BakingRefused(f"it cannot be written: {error.strerror}.", where=str(file),
                            fix="Make the folder writable, then run the command again.") from error  # fmt: skip


def need_cookiecutter() -> None:
    """Raise :class:`BakingRefused` where cookiecutter is not installed."""
    try:
        import cookiecutter  # noqa: F401
    except ImportError:
        raise BakingRefused(
            "baking needs cookiecutter, which is not installed.", where="marketwright new",
            fix="Install it (the extra `new`): python -m pip install 'cookiecutter>=2.6'.",
        ) from None  # fmt: skip


@contextmanager
def _scratch(into: Path) -> Iterator[Path]:
    """A folder beside the one to come, so that the last step is one rename; gone afterwards."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".baking-", dir=into))
    except OSError as error:
        raise BakingRefused(f"{into} cannot be written: {error.strerror}.", where="the folder to bake into",
                            fix="Name a folder that you may write to: --into FOLDER.") from None  # fmt: skip
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(template: Path, answers: Mapping[str, str], scratch: Path, offers: Offers | None) -> Path:
    from cookiecutter.exceptions import CookiecutterException, FailedHookException
    from cookiecutter.main import cookiecutter

    config = scratch / "cookiecutter.yaml"  # keeps cookiecutter's own notes out of the home folder
    config.write_text(f"replay_dir: '{scratch / 'replay'}'\ncookiecutters_dir: '{scratch / 'cache'}'\n", "utf-8")
    output = scratch / "out"
    output.mkdir()
    try:
        with _environment(offers):
            made = cookiecutter(
                str(template), no_input=True, extra_context=dict(answers), output_dir=str(output),
                config_file=str(config),
            )  # fmt: skip
    except FailedHookException:
        raise BakingRefused("the template refuses an answer, as said above.", where="nothing was baked") from None
    except (CookiecutterException, ValueError) as error:
        raise BakingRefused(str(error), where="nothing was baked") from error
    return Path(made)


@contextmanager
def _environment(offers: Offers | None) -> Iterator[None]:
    before = dict(os.environ)
    os.environ[QUIET] = "1"
    logging.getLogger("cookiecutter").setLevel(logging.CRITICAL)  # it logs a traceback where a hook has said why
    if offers is not None:
        os.environ |= as_environment(offers)
    try:
        yield
    finally:
        for name in (OFFERS, QUIET):
            os.environ.pop(name, None)
        os.environ |= {name: before[name] for name in (OFFERS, QUIET) if name in before}

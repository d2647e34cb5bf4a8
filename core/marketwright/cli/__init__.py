"""The command line: one file a command, found lazily so that ``--help`` imports no Flask."""

from importlib import import_module

import click

from marketwright.cli.refusals import refusal, said_of
from marketwright.version import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "backup": ("backup", "Save database, uploads and the ledger's head in one file."),
    "bench": ("bench", "Measure what plugins cost, as ratios."),
    "config": ("config", "Check, show, compare and change the settings of a marketplace."),
    "db": ("db", "Make the database's schema newer or older."),
    "demo": ("demo", "Serve the marketplace with demo data."),
    "drill": ("drill", "Kill, race and confuse a scratch site's payments, and count what went wrong."),
    "import": ("imports", "Import a taxonomy, profiles or missions from CSV or JSON."),
    "index": ("index", "Build the file that search and matching read, and see how it stands."),
    "ledger": ("ledger", "Verify the ledger, show balances and statements."),
    "live": ("live", "Say what is missing before going live."),
    "match": ("match", "Explain a match, or try other weights on past rankings."),
    "new": ("new", "Bake a marketplace from its template."),
    "person": ("person", "Hand out what is kept of a person, or erase them."),
    "plugins": ("plugins", "List the plugins and look for what is wrong with them."),
    "pricing": ("pricing", "Explain what a deal costs, or try other rules on signed deals."),
    "process": ("process", "Show a process, or walk it on a fake clock."),
    "rates": ("rates", "Say how far the published market rates are off."),
    "reconcile": ("reconcile", "Match the payment provider's records with ours, and back."),
    "rehearse": ("rehearse", "Play one deal of each process and print it for lawyer and accountant."),
    "restore": ("restore", "Bring a backup back, or rehearse that."),
    "run": ("run", "Serve the site, with its worker if asked."),
    "seals": ("seals", "Make, check and change the keys of what is sealed."),
    "seed": ("seed", "Fill a demo marketplace with people, missions and deals."),
    "skills": ("skills", "Find skills of the taxonomies, and merge two that mean the same."),
    "staff": ("staff", "Invite people of the staff."),
    "upgrade": ("upgrade", "Bring what a newer marketwright bakes into this folder."),
    "theme": ("theme", "Bake, preview and check a theme; explain which layer draws a page."),
    "x": ("x", "Commands that the marketplace's plugins bring."),
    "worker": ("worker", "Run jobs: payments, mails, timers."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command ``name``, imported now."""
        if name not in COMMANDS:
            return None
        module = import_module(f"marketwright.cli.{COMMANDS[name][0]}")
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="marketwright")
@click.option("--folder", "-C", envvar="MARKETWRIGHT_FOLDER", default=".", show_default=True,
              help="The marketplace's folder, where marketplace.toml lies.")  # fmt: skip
@click.pass_context
def group(ctx: click.Context, folder: str) -> None:
    """Build and run niche marketplaces of freelance experts."""
    ctx.obj = folder


def main() -> None:
    """Run the command line; refusals are one line on standard error and exit code 1, wrong usage is 2."""
    from marketwright.kernel.errors import InvalidInput, MarketwrightError

    try:
        group(prog_name="marketwright")
    except InvalidInput as error:
        for field, messages in error.errors.items():
            for message in messages:
                click.echo(f"Error: {field + ': ' if field else ''}{message}", err=True)
        raise SystemExit(1) from None
    except MarketwrightError as error:
        click.echo(f"Error: {said_of(error)}", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        said = refusal(error)
        if not said:
            raise
        click.echo(f"Error: {said}", err=True)
        raise SystemExit(1) from None

"""``marketwright backup FILE``."""

from pathlib import Path

import click

from marketwright.cli.shared import as_json, open_house, print_json


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over FILE when it exists.")
@as_json
@click.pass_context
def command(ctx: click.Context, *, file: Path, replace: bool, as_json: bool) -> None:
    """Save database, uploads, what plugins keep and the ledger's head in FILE. The site may go on working."""
    from marketwright.features.backups.taking import take

    manifest = take(open_house(ctx), file, replace=replace)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size, "rows": manifest.rows, "tables": len(manifest.tables),
                    "uploads": manifest.files, "lost": manifest.lost, "sealed": manifest.sealed,
                    "schema": manifest.revision})  # fmt: skip
        return
    click.echo(f"Saved in {file} ({size / 1e6:.1f} MB): {manifest.rows} rows of {len(manifest.tables)} tables, "
               f"{manifest.files} uploads, {len(manifest.plugin_files)} files of plugins, the ledger up to number "
               f"{manifest.sealed}.")  # fmt: skip
    if manifest.lost:
        click.echo(f"Warning: {len(manifest.lost)} uploads are not in the storage as they were stored, and so not in "
                   f"the backup: {', '.join(manifest.lost[:5])}", err=True)  # fmt: skip
    click.echo(f"It holds personal data: keep it where the database may be kept. Try it: marketwright restore "
               f"{file} --rehearse")  # fmt: skip

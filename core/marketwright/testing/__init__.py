"""Fixtures, fakes and conformance kits: installed with the package, for plugin authors too."""

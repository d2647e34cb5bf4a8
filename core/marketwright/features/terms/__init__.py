"""Terms of use as a bond: which version somebody accepted, when and how; who is asked again, and after what notice."""

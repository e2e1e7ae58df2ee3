"""Help: what each measure means and how to read what the pages show, in plain English."""

"""Value-added pages: what each school adds, through time, and how sure that is."""

"""What scripts and people at a shell run. A command is thin: it calls one function and shows the result."""

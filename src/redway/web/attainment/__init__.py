"""The face of attainment: value added, tracking and targets."""

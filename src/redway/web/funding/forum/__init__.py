"""Schools Forum: consultations, responses, decisions and packs."""

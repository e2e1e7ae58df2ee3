"""The face of allegations: referrals, cases, statistics, and who may see what."""

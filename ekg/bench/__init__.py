"""Measurements on the corpora of EKG_DATA: each module has ``run(data, *, seed)``, which ``ekg bench NAME`` prints."""

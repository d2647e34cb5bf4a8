"""Notices: anybody says what is wrong with something here, staff decides with a reason, whom it concerns is told."""

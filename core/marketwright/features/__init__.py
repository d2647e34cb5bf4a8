"""One room a business concept; core/marketwright/rooms.py lists them by floor."""

"""The law’s registers: anonymization, communications, incidents, requests, ends of purposes."""

"""The bytes of a release read and counted again, by code that shares nothing with their maker."""

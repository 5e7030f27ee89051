"""Measured quality: judged questions and BEIR folders in, tables and JSON out."""

//! A run's record to result files and summaries.

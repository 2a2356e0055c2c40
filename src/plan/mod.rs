//! Playbook × settings × rows: the bound plan, row checks, effects.

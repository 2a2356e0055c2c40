//! What the user wrote: YAML to a checked playbook with spans.

//! What this vendor's simulator does, the unhappy half first.

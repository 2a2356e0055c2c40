//! Row files to typed rows with places; one-to-many lists.

//! Handlebars set up once (strict, own helpers); typed rendering; the names a text uses.
